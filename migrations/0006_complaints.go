package migrations

// 投诉建议: complaints.
func init() {
	step("0006_complaints.go", AlignCollections)
}
