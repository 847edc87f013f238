package main

import (
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Of every flag with a value and of every argument it is said what a shell is to
// offer, or that only people know.
func TestOffers(t *testing.T) {
	used := map[string]bool{}
	ask := func(cmd *cobra.Command, what, value string) {
		if _, known := offers[value]; !known {
			t.Errorf("%s: nobody says what to offer for %s, which is %s", cmd.CommandPath(), what, value)
		}
		used[value] = true
	}
	for _, cmd := range commandsIn(newRoot(&system{})) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if value, _ := pflag.UnquoteUsage(f); value != "" {
				ask(cmd, "--"+f.Name, value)
			}
		})
		for i := 0; !cmd.HasSubCommands() && placeholder(cmd, i) != "" && i < 5; i++ {
			ask(cmd, "its argument", placeholder(cmd, i))
		}
	}
	for value := range offers {
		if !used[value] {
			t.Errorf("nothing is called %s any more", value)
		}
	}
}
