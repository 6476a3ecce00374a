package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"doorstep/photo"
	"doorstep/sync/engine"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
)

// Command is `doorstep demo`: it fills the app's directory with a demo county,
// unless it holds one, and serves it. The directory is the app's own --dir.
func Command(app core.App, now func() time.Time) *cobra.Command {
	var address string
	c := Config{}
	command := &cobra.Command{
		Use: "demo", Short: textShort, Args: cobra.NoArgs, SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			out := command.OutOrStdout()
			c.Today = now()
			if err := fill(command.Context(), app, c, now, out); err != nil {
				return err
			}
			announce(app, address, out)
			err := apis.Serve(app, apis.ServeConfig{HttpAddr: address})
			if errors.Is(err, http.ErrServerClosed) {
				return nil
			}
			return err
		},
	}
	command.Flags().StringVar(&address, "http", "127.0.0.1:8090", textHTTP)
	command.Flags().IntVar(&c.Households, "households", 3000, textHouseholds)
	command.Flags().Int64Var(&c.Seed, "seed", 1, textSeed)
	return command
}

// fill loads the county with an engine of its own, which ends before the server's
// begins: while it runs nobody else writes, and no rule looks at half a household.
func fill(ctx context.Context, app core.App, c Config, now func() time.Time, out io.Writer) error {
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	photos, err := photo.OpenStore(app.DataDir())
	if err != nil {
		return err
	}
	e, err := engine.New(app, engine.Config{Now: now})
	if err != nil {
		return err
	}
	defer e.Close()
	shown := time.Time{}
	err = Load(ctx, Office{App: app, Engine: e, Photos: photos}, c, func(done, total int) {
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
