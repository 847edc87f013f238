package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"stet/internal/diag"
)

// noSuchCommand answers a word that is no command of cmd. It is the Args of
// commands that only lead to others.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	for _, known := range commandsIn(cmd.Root()) {
		// "stet article" for "stet new article"
		if known.Name() == args[0] && known != cmd && known.Runnable() {
			return mistaken("did you mean "+quoted(known.CommandPath())+"?", "unknown command %q", cmd.CommandPath()+" "+args[0])
		}
	}
	var names []string
	for _, sub := range cmd.Commands() {
		names = append(names, sub.Name())
	}
	hint := quoted(cmd.CommandPath()+" --help") + " lists the commands"
	if near := nearCommand(args[0], names); near != "" {
		hint = "did you mean " + quoted(cmd.CommandPath()+" "+near) + "?"
	}
	return mistaken(hint, "unknown command %q", cmd.CommandPath()+" "+args[0])
}

// nearCommand is the command that was probably meant. One of three letters may
// lack one.
func nearCommand(word string, names []string) string {
	if near := diag.Nearest(word, names); near != "" {
		return near
	}
	if i := slices.IndexFunc(names, func(name string) bool { return diag.Nearest(name, []string{word}) != "" }); i >= 0 {
		return names[i]
	}
	return ""
}

// wrongFlag answers a flag that cannot be read.
func wrongFlag(cmd *cobra.Command, err error) error {
	help := "see " + quoted(cmd.CommandPath()+" --help")
	var unknown *pflag.NotExistError
	var lacking *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		return noSuchFlag(cmd, unknown.GetSpecifiedName(), help)
	case errors.As(err, &unknown):
		return mistaken(help, "unknown flag -%s", unknown.GetSpecifiedName())
	case errors.As(err, &lacking):
		f := lacking.GetFlag()
		return mistaken(explained(f), "the flag %s lacks its value", shown(f))
	case errors.As(err, &invalid):
		f := invalid.GetFlag()
		return mistaken(explained(f), "%q is no value for %s", invalid.GetValue(), shown(f))
	}
	return mistaken(help, "%s", err)
}

func shown(f *pflag.Flag) string {
	if f.Shorthand != "" {
		return "-" + f.Shorthand
	}
	return "--" + f.Name
}

// explained is a flag as help explains it.
func explained(f *pflag.Flag) string {
	value, usage := pflag.UnquoteUsage(f)
	return "--" + f.Name + " " + value + ": " + usage
}

func noSuchFlag(cmd *cobra.Command, name, help string) error {
	if hint := meantFlag(cmd, name); hint != "" {
		help = hint
	}
	return mistaken(help, "unknown flag --%s", name)
}

// meantFlag guesses: a flag of this command by nearly that name, a command that
// has this flag, or a command by that name.
func meantFlag(cmd *cobra.Command, name string) string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if near := diag.Nearest(name, names); near != "" {
		return "did you mean --" + near + "?"
	}
	var owners []string
	for _, other := range commandsIn(cmd.Root()) {
		if other.Flags().Lookup(name) != nil {
			owners = append(owners, quoted(other.CommandPath()))
		}
		if other.Name() == name {
			return "did you mean " + quoted(other.CommandPath()) + "?"
		}
	}
	if owners == nil {
		return ""
	}
	if !cmd.HasParent() {
		return "flags come after the command, as in " + strings.TrimSuffix(owners[0], `"`) + " --" + name + `"`
	}
	return "it is a flag of " + strings.Join(owners, ", ")
}

// arguments is the Args of a command that takes exactly these.
func arguments(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		example, _, _ := strings.Cut(strings.TrimSpace(cmd.Example), "\n")
		if len(args) < len(names) {
			return mistaken("write it like\n"+example, "%s lacks its %s", quoted(cmd.CommandPath()), names[len(args)])
		}
		if len(args) > len(names) {
			return mistaken("write it like\n"+example+tooMany(len(names)), "%s does not know what to do with %q", quoted(cmd.CommandPath()), args[len(names)])
		}
		return nil
	}
}

func tooMany(wanted int) string {
	if wanted == 0 {
		return ""
	}
	return "\n(what holds spaces needs quotes)"
}

func quoted(s string) string { return `"` + s + `"` }
