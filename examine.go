package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"doorstep/doctor"
	"doorstep/doctor/finding"
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
			findings, _ := doctor.Examine(c.Context(), s.patient(from.fault))
			return tellFindings(c, findings, asJSON)
		}}
	s.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出，供程序读取")
	return c
}

// tellFindings prints an examination, and ends with its worst line.
func tellFindings(c *cobra.Command, findings []finding.Finding, asJSON bool) (err error) {
	worst := finding.Worst(findings)
	if asJSON {
		err = finding.PrintJSON(c.OutOrStdout(), findings, worst)
	} else {
		err = finding.Print(c.OutOrStdout(), findings)
	}
	if err == nil && worst != finding.OK {
		err = exitCode(worst)
	}
	return err
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
	if p.Config == nil && s.upward.where.Servers != "" { // else the configuration says so
		p.Province = func(ctx context.Context) finding.Finding { return s.upward.examine(ctx, s.dir, time.Now()) }
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
