package main

import "github.com/spf13/cobra"

func explainCommand(s *system) *cobra.Command { return &cobra.Command{Use: "explain"} }
