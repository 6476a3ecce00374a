package main

import (
	"fmt"
	"slices"
	"time"

	"doorstep/doctor"
	"doorstep/sync/uploads"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
)

// version is set by the release's build (Makefile).
var version = "dev"

// exitCode ends the process without a word more.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// doctorCommand looks at the server that the configuration describes, running or not.
// It ends with 0 (well), 1 (something to look at) or 2 (something is broken).
func doctorCommand(from *configured) *cobra.Command {
	var s serving
	var asJSON bool
	c := &cobra.Command{Use: "doctor", Short: "自检：逐项说明服务器是否正常、该怎么办(服务运行时也可执行)", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			findings, worst := doctor.Examine(c.Context(), s.patient(from.fault))
			var err error
			if asJSON {
				err = doctor.PrintJSON(c.OutOrStdout(), findings, worst)
			} else {
				err = doctor.Print(c.OutOrStdout(), findings)
			}
			if err == nil && worst != doctor.OK {
				err = exitCode(worst)
			}
			return err
		}}
	s.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出，供程序读取")
	return c
}

func (s *serving) patient(fault error) doctor.Patient {
	p := doctor.Patient{Dir: s.dir, Reserve: int64(s.operation.reserveMB) << 20, Cert: s.at.Cert, Key: s.at.Key, BackupEvery: s.backups.every,
		Config: fault, Version: version, Now: time.Now, Free: uploads.Free}
	if p.Config == nil {
		p.Config = s.check()
	}
	if _, err := s.operation.token(); p.Config == nil {
		p.Config = err
	}
	if s.backups.address != "" {
		if place, err := s.backups.place(); err == nil { // else the configuration says so
			p.Backups = place
		}
	}
	if s.at.ACME.Names != "" {
		p.Issued = s.front().ACME.Files()
	}
	p.Secrets = slices.DeleteFunc([]string{s.at.Key, s.at.ACME.Account, s.operation.tokenFile, s.backups.options.KeysFile}, func(path string) bool { return path == "" })
	for _, list := range []core.MigrationsList{core.SystemMigrations, core.AppMigrations} {
		for _, m := range list.Items() {
			p.Migrations = append(p.Migrations, m.File)
		}
	}
	return p
}
