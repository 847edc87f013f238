package main

import (
	"github.com/spf13/cobra"
)

func newSiteCommand(s *system) *cobra.Command { return &cobra.Command{Use: "site"} }
func explainCommand(s *system) *cobra.Command { return &cobra.Command{Use: "explain"} }
