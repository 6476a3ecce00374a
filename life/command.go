package life

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"doorstep/domain/indicator"
	"doorstep/domain/matching"

	"github.com/spf13/cobra"
)

const (
	maxHouseholds = 200_000
	maxMonths     = 24
	maxRoundDays  = 31
)

// begins is the first day of every story: a year from January to the end of December
// has its school year, its floods and one year of medical cost.
var begins = time.Date(2026, time.January, 5, 2, 0, 0, 0, time.UTC)

// Command is `doorstep simulate-county`. open opens a directory as a server does, at the
// story's time; now is the wall's, for the line that shows how far it is.
func Command(open func(dir string, now func() time.Time) (*Site, error), now func() time.Time) *cobra.Command {
	c := Config{Start: begins}
	var dir string
	command := &cobra.Command{Use: "simulate-county", Short: textShort, Args: cobra.NoArgs, SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			if c.Households < 1 || c.Households > maxHouseholds || c.Months < 1 || c.Months > maxMonths || c.RoundDays < 1 || c.RoundDays > maxRoundDays {
				return fmt.Errorf(textErrSize, maxHouseholds)
			}
			temporary, err := os.MkdirTemp("", "doorstep-life-")
			if err != nil {
				return err
			}
			defer func() { _ = os.RemoveAll(temporary) }()
			c.Dir = temporary
			if dir == "" {
				dir = temporary + "/data"
			} else if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
				return fmt.Errorf("%s", textKeep)
			}
			return simulate(command, open, now, c, dir)
		}}
	command.Flags().IntVar(&c.Households, "households", 50_000, textHouseholds)
	command.Flags().IntVar(&c.Months, "months", 12, textMonths)
	command.Flags().Int64Var(&c.Seed, "seed", 1, textSeed)
	command.Flags().IntVar(&c.RoundDays, "round-days", 7, textRounds)
	command.Flags().StringVar(&dir, "dir", "", textKeep)
	return command
}

func simulate(command *cobra.Command, open func(string, func() time.Time) (*Site, error), now func() time.Time, c Config, dir string) error {
	clock := NewClock(c.Start)
	site, err := open(dir, clock.Now)
	if err != nil {
		return err
	}
	defer site.Close()
	shown := time.Time{}
	tally, err := Run(command.Context(), *site, clock, c, func(day, days int) {
		if now().Sub(shown) > time.Second || day == days {
			shown = now()
			_, _ = fmt.Fprintf(command.ErrOrStderr(), textProgress, clock.Now().Format(time.DateOnly), day, days)
		}
	})
	_, _ = fmt.Fprintln(command.ErrOrStderr())
	if err != nil {
		return err
	}
	tally.Print(command.OutOrStdout(), c)
	if n := len(tally.Lost); n > 0 {
		return fmt.Errorf(strings.TrimSpace(textNotAll), tally.shown(), n)
	}
	return nil
}

// Print says it in tables.
func (t *Tally) Print(out io.Writer, c Config) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	say(textHead, c.Seed, c.Households, t.People, c.Start.Format(time.DateOnly), c.Months, c.RoundDays)
	say(textSum, t.Visits, t.Lists, t.Rows, t.Gifts, t.Rounds, t.Looked)
	say(textSources)
	table(out, textSourceHead, func(line func(...any)) {
		for _, k := range kinds {
			for _, s := range k.sources {
				line(k.label, s.label(), fmt.Sprintf("%d–%d", s.delay[0], s.delay[1]), percent(s.miss), percent(k.need), percent(k.wrong))
			}
		}
	})
	table(out, textKindsHead, func(line func(...any)) {
		for _, k := range kinds {
			h := t.Kinds[k.code]
			line(k.label, h.Real, h.Wrong, h.Told, h.Real-h.Told, late(h.Late))
		}
	})
	table(out, textFoundHead, func(line func(...any)) {
		for _, code := range slices.Sorted(maps.Keys(t.Indicators)) {
			f, share := t.Indicators[code], "—"
			if f.Settled > 0 {
				share = percent(float64(f.Nothing) / float64(f.Settled))
			}
			line(code+" "+indicator.Lookup(code).Title, f.Shown, f.Found, f.Lost, late(f.Late), f.Raised, f.Settled, f.Nothing, share)
		}
	})
	if r := t.Ranking; r != nil {
		say(textRanking, t.Days/2, r.Homes, r.Later)
		head := textRankHead
		for _, s := range shares {
			head += "\t" + fmt.Sprintf(textRankFirst, percent(s))
		}
		table(out, head, func(line func(...any)) {
			for _, o := range r.Orders {
				cells := []any{o.Name}
				for _, hit := range o.Hit {
					cells = append(cells, percent(hit))
				}
				line(cells...)
			}
		})
	}
	if len(t.Lost) == 0 {
		say(textAll, t.shown())
		return
	}
	say(textNotAll, t.shown(), len(t.Lost))
	for _, line := range t.Lost {
		say("  %s\n", line)
	}
}

func (t *Tally) shown() (n int) {
	for _, f := range t.Indicators {
		n += f.Shown
	}
	return n
}

func (s source) label() string {
	switch {
	case s.list != "":
		return matching.Lookup(s.list).Label
	case s.income:
		return textIncome + "，" + textNext
	case s.visit:
		return textReport + "，" + textNext
	}
	return textReport
}

func percent(share float64) string { return fmt.Sprintf("%.0f%%", share*100) }

// table writes columns that stand under each other.
func table(out io.Writer, head string, lines func(line func(...any))) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, head)
	lines(func(cells ...any) {
		for i, cell := range cells {
			if i > 0 {
				_, _ = fmt.Fprint(w, "\t")
			}
			_, _ = fmt.Fprint(w, cell)
		}
		_, _ = fmt.Fprintln(w)
	})
	_ = w.Flush()
	_, _ = fmt.Fprintln(out)
}
