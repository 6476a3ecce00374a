// Doorstep · 铁脚板: an offline-first system for home visits in social
// assistance. This file is wiring only: it builds the application, registers
// hooks and commands, and decides nothing.
package main

import (
	"log"

	"github.com/pocketbase/pocketbase"
)

func main() {
	app := pocketbase.New()
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}
