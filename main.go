// Doorstep · 铁脚板: an offline-first system for home visits in social
// assistance. This file is wiring only: it builds the application, registers
// hooks and commands, and decides nothing.
package main

import (
	"log"
	"os"

	"doorstep/photo"

	"github.com/pocketbase/pocketbase"
)

func main() {
	// Before anything else: this process may be the child that decodes a photo.
	if len(os.Args) > 1 && os.Args[1] == photo.WorkerArg {
		os.Exit(photo.Worker(os.Args[2:], os.Stdin, os.Stdout))
	}
	app := pocketbase.New()
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}
