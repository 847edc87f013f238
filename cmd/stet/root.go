package main

import (
	"strings"

	"github.com/spf13/cobra"
)

const about = `stet makes the website of a newspaper from a folder of Markdown files

Begin with these:
  stet new site my-paper       a ready newspaper in a new folder
  stet serve                   see it at http://127.0.0.1:8080
  stet new article "Headline" --section news
                               a draft to write in
  stet publish PATH            give the draft its date
  stet build                   make public/, ready for any web host
  stet explain PATH            why a story is where it is, or why it is not

"stet help" lists all commands, "stet help COMMAND" explains one with examples.
`

const usage = `{{with or .Long .Short}}{{. | trimTrailingWhitespaces}}

{{end}}{{if .HasAvailableSubCommands}}Commands:{{range leaves .}}
  {{rpad .CommandPath 18}} {{.Short}}{{end}}

"stet help COMMAND" explains one of them.
{{else}}Usage:
  {{.UseLine}}
{{end}}{{if .HasExample}}
Examples:
{{.Example}}
{{end}}{{if .HasAvailableLocalFlags}}
Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}
{{end}}`

// newRoot is the tree of all commands.
func newRoot(s *system) *cobra.Command {
	cobra.EnableCommandSorting = false
	cobra.AddTemplateFunc("leaves", leaves)
	root := &cobra.Command{
		Use:           "stet",
		Short:         "stet makes the website of a newspaper from a folder of Markdown files",
		Example:       examples("stet new site my-paper", "stet serve -C my-paper"),
		Args:          noSuchCommand,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cmd.Print(about)
			return nil
		},
	}
	root.SetHelpTemplate(usage)
	root.SetFlagErrorFunc(wrongFlag)
	root.SetHelpCommand(helpCommand())
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(newCommand(s), publishCommand(s), updateCommand(s), moveCommand(s), buildCommand(s), serveCommand(s), checkCommand(s), explainCommand(s), nextCommand(s), deployCommand(s), photoCommand(s), ejectCommand(s), schemaCommand(s), versionCommand(s))
	for _, cmd := range commandsIn(root) {
		cmd.Flags().SortFlags = false
		cmd.DisableFlagsInUseLine = true
		cmd.InitDefaultHelpFlag()
		cmd.Flags().Lookup("help").Usage = "show this"
	}
	completions(root)
	return root
}

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "explain a command, with examples",
		Example: examples("stet help new article"),
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if about == nil || err != nil || len(rest) > 0 {
				return noSuchCommand(cmd.Root(), args)
			}
			return about.Help()
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, begun string) (names []string, _ cobra.ShellCompDirective) {
			if about, rest, err := cmd.Root().Find(args); err == nil && len(rest) == 0 {
				for _, sub := range about.Commands() {
					if !sub.Hidden && strings.HasPrefix(sub.Name(), begun) {
						names = append(names, sub.Name())
					}
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// examples writes command lines as help shows them.
func examples(lines ...string) string { return "  " + strings.Join(lines, "\n  ") }

// leaves are the commands below one that do something themselves.
func leaves(cmd *cobra.Command) (all []*cobra.Command) {
	for _, c := range cmd.Commands() {
		switch {
		case c.Hidden || c.Name() == "help":
		case c.HasSubCommands():
			all = append(all, leaves(c)...)
		default:
			all = append(all, c)
		}
	}
	return all
}

// commandsIn lists a command and all below it.
func commandsIn(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		all = append(all, commandsIn(sub)...)
	}
	return all
}
