//go:build !unix

package main

func mayRead() {}
