package config

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"
)

// Print writes what is in force, a key to a line in the file's own form, with where it
// came from. Secrets are not shown.
func Print(w io.Writer, flags *pflag.FlagSet, origins map[string]Origin) error {
	for i := range Keys {
		k := &Keys[i]
		f := flags.Lookup(k.Name)
		if f == nil {
			continue
		}
		text := k.written(strings.Trim(f.Value.String(), "[]"))
		if _, err := fmt.Fprintf(w, "# %s\n%-34s # %s\n", k.For, k.Name+" = "+text, origins[k.Name]); err != nil {
			return err
		}
	}
	return nil
}

// written is a value as TOML.
func (k *Key) written(text string) string {
	if (k.Kind == Switch || k.Kind == Whole) && text != "" {
		return text
	}
	return `"` + strings.ReplaceAll(k.shown(text), `"`, `\"`) + `"`
}

// Markdown is the table as the manual has it.
func Markdown() string {
	var b strings.Builder
	b.WriteString("| 名称 | 写法 | 单位 | 默认值 | 用途 |\n|---|---|---|---|---|\n")
	for i := range Keys {
		k := &Keys[i]
		value := textNoValue
		if k.Default != "" {
			value = "`" + k.Default + "`"
		}
		kind := kindLabels[k.Kind]
		if k.Choices != nil {
			kind = strings.Join(k.Choices, "、")
		}
		if k.Low != "" {
			kind += "，≥ " + k.Low
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", k.Name, kind, k.Unit, value, k.For)
	}
	return b.String()
}
