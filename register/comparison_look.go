package register

import (
	"context"
	"errors"
	"io"
	"slices"

	"doorstep/domain/idnumber"
	"doorstep/domain/matching"
	"doorstep/sync/wire"
	"doorstep/tables"
)

// ListLook is what a file shows before it is taken: how its columns would be read,
// and its first rows, so that a person sees what the headings hold.
type ListLook struct {
	Format  string           `json:"format"`
	Header  []string         `json:"header"`
	Mapping matching.Mapping `json:"mapping"` // field -> heading, as it would be read now
	Missing []string         `json:"missing"` // what no list can be read without
	Sample  [][]string       `json:"sample"`
	Known   string           `json:"known"` // the batch of this very file, if it has come before
}

const (
	sampleRows  = 3
	likelyCells = 2 // a title stands in one cell, a header in several
)

// Look reads the beginning of a file and takes nothing. A header that is not
// recognised is the first row of several cells: a person says what it means.
func (c *Comparisons) Look(ctx context.Context, in Incoming) (*ListLook, error) {
	source, err := c.source(ctx, in.Source)
	if err != nil {
		return nil, err
	}
	kind, mapping, err := in.mapping(source)
	if err != nil {
		return nil, err
	}
	r, err := tables.Open(in.Path, c.Limits, func(cells []string) int { return kind.Score(cells, mapping) })
	if refused := new(tables.Error); errors.As(err, &refused) && refused.Code == tables.NoHeader {
		r, err = tables.Open(in.Path, c.Limits, likelyHeader)
	}
	if err != nil {
		return nil, refusedFile(err)
	}
	layout, missing := kind.Match(r.Header, mapping)
	out := &ListLook{Format: string(r.Format), Header: r.Header, Mapping: layout.Mapping(r.Header), Missing: missing}
	out.Sample, err = sampleOf(r)
	if err != nil {
		return nil, refusedFile(err)
	}
	known, err := c.same(ctx, in)
	if known != nil {
		out.Known = known.ID
	}
	return out, err
}

func likelyHeader(cells []string) int {
	n := 0
	for _, cell := range cells {
		if cell != "" {
			n++
		}
	}
	if n < likelyCells {
		return 0
	}
	return n
}

// sampleOf closes the file after its first rows. ID numbers are masked: which column
// holds them is seen all the same.
func sampleOf(r *tables.Reader) (out [][]string, err error) {
	defer func() { err = errors.Join(err, r.Close()) }()
	out = [][]string{}
	for range sampleRows {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		for i, cell := range row.Cells {
			if _, err := idnumber.Parse(cell); err == nil {
				row.Cells[i] = idnumber.Mask(cell)
			}
		}
		out = append(out, row.Cells)
	}
	return out, nil
}

// mapping is what a file is read by: what its sender says, else what is remembered.
func (in *Incoming) mapping(s *Source) (*matching.Kind, matching.Mapping, error) {
	kind := matching.Lookup(s.Kind)
	if in.Mapping == nil {
		return kind, s.Mapping, nil
	}
	return kind, in.Mapping, checkMapping(kind, in.Mapping)
}

// checkMapping refuses what a kind has no column for.
func checkMapping(kind *matching.Kind, m matching.Mapping) error {
	for field, heading := range m {
		if !slices.ContainsFunc(kind.Wanted(), func(col matching.Column) bool { return col.Field == field }) {
			return wire.InvalidField("mapping", mappingUnknown+field)
		}
		if len([]rune(heading)) > 80 {
			return wire.InvalidField("mapping", matching.Reason("too_long"))
		}
	}
	return nil
}
