package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// typed runs the command line, and answers what it printed.
func typed(t *testing.T, words ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	root := rootCommand()
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetArgs(words)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

// What the audit log's keeper types: a month is taken out, and checked without the server;
// whatever was done to it ends the check with an error.
func TestTheAuditLogIsTakenOutAndCheckedByCommand(t *testing.T) {
	dir, out := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "out")
	month := time.Now().AddDate(0, 0, -40).Format("2006-01")
	said, err := typed(t, "audit", "export", "--dir", dir, "--month", month, "--out", out)
	if err != nil || !strings.Contains(said, "已导出 "+month) || !strings.Contains(said, "BEGIN PUBLIC KEY") {
		t.Fatalf("%s %v", said, err)
	}
	file := filepath.Join(out, "audit-"+month+".jsonl")
	public, err := typed(t, "audit", "key", "--dir", dir)
	if err != nil {
		t.Fatal(err)
	}
	pem := filepath.Join(t.TempDir(), "kept.pem")
	if err := os.WriteFile(pem, []byte(public[strings.Index(public, "-----"):]), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, key := range [][]string{nil, {"--key", pem}} {
		said, err := typed(t, append([]string{"audit", "verify", file}, key...)...)
		if err != nil || !strings.Contains(said, "完好  "+month) || strings.Contains(said, "另行保管") != (key == nil) {
			t.Errorf("%v: %s %v", key, said, err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.Replace(text, []byte(`"lines":0`), []byte(`"lines":1`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err = typed(t, "audit", "verify", file)
	if err == nil || !strings.Contains(said, "签名不符") || !strings.Contains(said, "结尾写明 1 条，实有 0 条") {
		t.Errorf("a changed one: %s %v", said, err)
	}
	if said, err := typed(t, "audit", "export", "--dir", dir, "--month", month, "--out", out); err == nil || !strings.Contains(err.Error(), "已存在") {
		t.Errorf("over another: %s %v", said, err)
	}
}
