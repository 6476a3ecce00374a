package migrations

// 一事一议: deliberations.
func init() { step("0014_deliberations.go", AlignCollections) }
