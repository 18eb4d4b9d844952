// The YAML language host is a tool of this module: see go.mod.
package main

func main() {}
