package migrations

import "github.com/pocketbase/pocketbase/core"

// How far the province's stream has the county's feed (province/relay): one row. term and
// round name what is told, (seq, record) is the last line that the stream acknowledged,
// whole says that everything was told once in this term. down is the last message of the
// province's that was taken in.
func init() {
	step("0040_province.go", func(app core.App) error {
		for _, sql := range []string{
			`CREATE TABLE province_relay (
				id INTEGER PRIMARY KEY CHECK (id = 1), epoch TEXT NOT NULL, round INTEGER NOT NULL, stream TEXT NOT NULL,
				seq INTEGER NOT NULL, record TEXT NOT NULL, whole INTEGER NOT NULL, acked TEXT NOT NULL, down_stream TEXT NOT NULL, down INTEGER NOT NULL)`,
			`INSERT INTO province_relay VALUES (1, '', 0, '', 0, '', 0, '', '', 0)`,
		} {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
