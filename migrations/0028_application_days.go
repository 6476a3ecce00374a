package migrations

// An application keeps the day on which it was accepted (受理): from it the days of the
// procedure are counted.
func init() { step("0028_application_days.go", AlignCollections) }
