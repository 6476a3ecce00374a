package register

import (
	"context"
	"io"
	"strconv"
	"strings"

	"doorstep/tables"

	"github.com/go-json-experiment/json"
)

// The columns that the list of bad rows has before the file's own; at the next
// import they mean nothing, so the corrected list goes in as it is.
var faultColumns = []string{"行号", "错误列", "错误原因"}

// Faults writes the rows that could not be taken, as they stood, with what is wrong
// with each.
func (c *Comparisons) Faults(ctx context.Context, b *Batch, to io.Writer) error {
	w, err := tables.NewCSV(to)
	if err != nil {
		return err
	}
	if err := w.Write(append(append([]string{}, faultColumns...), b.Header...)); err != nil {
		return err
	}
	rows, err := c.Engine.Query(ctx, `SELECT line, cells, faults FROM comparison_faults WHERE batch = ? ORDER BY line`, b.ID)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var line int
		var cellsText, faultsText string
		if err := rows.Scan(&line, &cellsText, &faultsText); err != nil {
			return err
		}
		var cells []string
		var faults []tables.Fault
		if cellsText, err = c.Engine.Ring().OpenText(b.ID+"/"+strconv.Itoa(line), cellsText); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(cellsText), &cells); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(faultsText), &faults); err != nil {
			return err
		}
		var columns, reasons []string
		for _, f := range faults {
			columns, reasons = append(columns, f.Column), append(reasons, f.Reason)
		}
		if err := w.Write(append([]string{strconv.Itoa(line), strings.Join(columns, "；"), strings.Join(reasons, "；")}, cells...)); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return w.Close()
}
