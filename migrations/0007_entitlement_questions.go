package migrations

// entitlements.questions.
func init() {
	step("0007_entitlement_questions.go", AlignCollections)
}
