package demo

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"doorstep/domain/zone"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
)

// Site is an opened data directory: where a county is loaded, and what serves it.
type Site struct {
	Office
	Serve func(ctx context.Context, address string) error
	Close func()
}

// Command is `doorstep demo`: it fills a directory with a demo county, unless it
// holds one, and serves it.
func Command(open func(dir string) (*Site, error), now func() time.Time) *cobra.Command {
	var dir, address string
	c := Config{}
	command := &cobra.Command{
		Use: "demo", Short: textShort, Args: cobra.NoArgs, SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			out := command.OutOrStdout()
			c.Today = now().In(zone.China)
			site, err := open(dir)
			if err != nil {
				return err
			}
			defer site.Close()
			if err := fill(command.Context(), site.Office, c, now, out); err != nil {
				return err
			}
			announce(site.App, address, out)
			return site.Serve(command.Context(), address)
		},
	}
	command.Flags().StringVar(&dir, "dir", "demo_data", textDir)
	command.Flags().StringVar(&address, "http", "127.0.0.1:8090", textHTTP)
	command.Flags().IntVar(&c.Households, "households", 3000, textHouseholds)
	command.Flags().Int64Var(&c.Seed, "seed", 1, textSeed)
	return command
}

// fill loads the county with a line that shows how far it is.
func fill(ctx context.Context, o Office, c Config, now func() time.Time, out io.Writer) error {
	shown := time.Time{}
	err := Load(ctx, o, c, func(done, total int) {
		if done == total || now().Sub(shown) > 200*time.Millisecond {
			shown = now()
			_, _ = fmt.Fprintf(out, textProgress, done, total)
		}
	})
	if !shown.IsZero() {
		_, _ = fmt.Fprintln(out)
	}
	return err
}

// announce prints address and accounts once the port is open; with port 0 the one
// that the system chose.
func announce(app core.App, address string, out io.Writer) {
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			return fmt.Errorf(textPortTaken, address, err)
		}
		e.Listener = listener
		if err := e.Next(); err != nil {
			_ = listener.Close()
			return err
		}
		printAccounts(out, "http://"+listener.Addr().String())
		return nil
	})
}

// printAccounts shows who can sign in, in columns that allow for the width of
// Chinese characters.
func printAccounts(out io.Writer, address string) {
	rows := [][]string{textColumns}
	for _, a := range Accounts() {
		rows = append(rows, []string{a.Email, a.Name, a.Role.Label(), a.Area()})
	}
	widths := make([]int, len(textColumns))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], width(cell))
		}
	}
	_, _ = fmt.Fprintf(out, textServing, address, Password)
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString("  " + cell + strings.Repeat(" ", widths[i]-width(cell)))
		}
		_, _ = fmt.Fprintln(out, strings.TrimRight(line.String(), " "))
	}
}

// width is how many columns of a terminal a text takes: two for a Chinese character.
func width(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x2e80 {
			n++
		}
	}
	return n
}
