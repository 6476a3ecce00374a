package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// told are some of a server's flags.
type told struct {
	dir, http, cert string
	proxy           bool
	keep            int
	every           time.Duration
}

func flags() (*told, *pflag.FlagSet) {
	var v told
	f := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	f.StringVar(&v.dir, "dir", "", "")
	f.StringVar(&v.http, "http", "", "")
	f.StringVar(&v.cert, "cert", "", "")
	f.BoolVar(&v.proxy, "behind-proxy", false, "")
	f.IntVar(&v.keep, "backup-keep", 0, "")
	f.DurationVar(&v.every, "backup-every", 0, "")
	Describe(f)
	return &v, f
}

func file(t *testing.T, text string) Sources {
	t.Helper()
	path := filepath.Join(t.TempDir(), "doorstep.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Sources{File: path}
}

func TestTheLineOutranksTheEnvironmentAndThatTheFile(t *testing.T) {
	v, f := flags()
	s := file(t, "dir = \"/srv/file\"\nhttp = \"10.0.0.1:80\"\nbackup-keep = 7\nbehind-proxy = true\n")
	s.Environ = []string{Prefix + "HTTP=10.0.0.2:80", Prefix + "BACKUP_KEEP=8", "DOORSTEP_SERVICE_HOST=10.9.9.9", "PATH=/bin"}
	if err := f.Parse([]string{"--backup-keep", "9"}); err != nil {
		t.Fatal(err)
	}
	origins, err := Apply(s, "serve", f)
	if err != nil {
		t.Fatal(err)
	}
	want := told{dir: "/srv/file", http: "10.0.0.2:80", proxy: true, keep: 9, every: time.Hour}
	if *v != want {
		t.Errorf("in force: %+v, want %+v", *v, want)
	}
	for key, from := range map[string]Origin{"dir": Origin(s.File), "http": Prefix + "HTTP", "backup-keep": fromLine, "backup-every": fromDefault} {
		if origins[key] != from {
			t.Errorf("%s came from %q, want %q", key, origins[key], from)
		}
	}
}

func TestEachMistakeNamesTheKeyItsPlaceAndWhatToDo(t *testing.T) {
	for _, c := range []struct{ name, text, environ, want string }{
		{"a misspelt key", `bakcup-keep = 3`, "", `"bakcup-keep" 的配置项：是不是 backup-keep`},
		{"a key of something else", `favourite-colour = "red"`, "", `没有名为 "favourite-colour" 的配置项`},
		{"a table", "[backup]\nkeep = 3", "", "配置项 backup 的值"},
		{"a number where a path must be", `dir = 3`, "", "配置项 dir 的值"},
		{"a path that depends on where one stands", `dir = "data"`, "", "以 / 开头"},
		{"an address without a port", `http = "0.0.0.0"`, "", "地址:端口"},
		{"a port beyond all", `http = "0.0.0.0:70000"`, "", "地址:端口"},
		{"a duration without a unit", `backup-every = "60"`, "", "带单位"},
		{"a duration of nothing", `backup-every = "0s"`, "", "不能小于 1s"},
		{"no backup kept", `backup-keep = 0`, "", "不能小于 1"},
		{"less than none", `backup-keep = -1`, "", "整数"},
		{"yes in Chinese", `behind-proxy = "是"`, "", "true(是)或 false(否)"},
		{"not TOML", "dir = \"/a\"\nhttp 1", "", "第 2 行"},
		{"a key twice", "dir = \"/a\"\ndir = \"/b\"", "", "写法有误"},
		{"a variable that nobody reads", "", Prefix + "BACKUP_KEPT=3", "backup-keep"},
		{"a wrong variable", "", Prefix + "BACKUP_KEEP=many", Prefix + "BACKUP_KEEP：配置项 backup-keep 的值 \"many\""},
		{"an address where a name must be", `acme = "10.1.2.3"`, "", "不能是 IP 地址"},
		{"a name without a dot", `acme = "jz.example,server"`, "", "请写域名"},
		{"a key that this command has no flag for", `address = "jz"`, "", "https://jz.example"},
	} {
		v, f := flags()
		s := file(t, c.text)
		s.Environ = []string{c.environ}
		_, err := Apply(s, "serve", f)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", c.name, err, c.want)
		}
		if c.environ == "" && (err == nil || !strings.Contains(err.Error(), s.File)) {
			t.Errorf("%s: the file is not named: %v", c.name, err)
		}
		if v.keep < 1 || v.every < time.Second {
			t.Errorf("%s: a wrong value is in force: %+v", c.name, *v)
		}
	}
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	_, f := flags()
	_, err := Apply(file(t, "dir = 1\nhttp = 2\nnonsense = 3"), "serve", f)
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("three mistakes: %v", err)
	}
}

func TestAFileThatIsNamedMustBeThereAndTheUsualOneNeedNot(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "none.toml")
	_, f := flags()
	if _, err := Apply(Sources{Default: gone}, "serve", f); err != nil {
		t.Errorf("the usual file is not there: %v", err)
	}
	for name, s := range map[string]Sources{"by the line": {File: gone}, "by the environment": {Environ: []string{FileVariable + "=" + gone}, Default: gone}} {
		if _, err := Apply(s, "serve", f); err == nil || !strings.Contains(err.Error(), gone) {
			t.Errorf("named %s: %v", name, err)
		}
	}
	usual := file(t, `http = "127.0.0.1:1"`)
	v, f := flags()
	if _, err := Apply(Sources{Default: usual.File}, "serve", f); err != nil || v.http != "127.0.0.1:1" {
		t.Errorf("the usual file is not read: %v %s", err, v.http)
	}
}

// A county that backs up by hand says once where to.
func TestACommandFindsTheSameThingUnderItsOwnFlag(t *testing.T) {
	var to string
	f := pflag.NewFlagSet("backup", pflag.ContinueOnError)
	f.StringVar(&to, "to", "", "")
	if _, err := Apply(file(t, `backup = "/mnt/backup"`), "backup", f); err != nil || to != "/mnt/backup" {
		t.Errorf("backup --to is %q: %v", to, err)
	}
}

func TestWhatIsPrintedIsAFileThatSaysTheSame(t *testing.T) {
	v, f := flags()
	s := file(t, "dir = \"/srv/a \\\"b\\\"\"\nbackup-keep = 7\nbackup-every = \"90m\"\nbehind-proxy = true")
	origins, err := Apply(s, "serve", f)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := Print(&out, f, origins); err != nil {
		t.Fatal(err)
	}
	again, g := flags()
	if _, err := Apply(file(t, out.String()), "serve", g); err != nil || *again != *v {
		t.Errorf("read back: %v\n%+v\n%+v\n%s", err, *again, *v, out.String())
	}
}

func TestASecretIsNeverShown(t *testing.T) {
	defer func(keys []Key) { Keys = keys }(Keys)
	Keys = append(Keys[:len(Keys):len(Keys)], Key{Name: "pass", Kind: Text, Secret: true, Choices: []string{"hunter2"}})
	flags := func() *pflag.FlagSet {
		f := pflag.NewFlagSet("serve", pflag.ContinueOnError)
		f.String("pass", "", "")
		return f
	}
	f := flags()
	s := Sources{Environ: []string{Prefix + "PASS=hunter2"}, Default: "/nonexistent"}
	origins, err := Apply(s, "serve", f)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := Print(&out, f, origins); err != nil || strings.Contains(out.String(), "hunter2") || !strings.Contains(out.String(), textHidden) {
		t.Errorf("printed: %v %s", err, out.String())
	}
	s.Environ = []string{Prefix + "PASS=hunter3"}
	if _, err := Apply(s, "serve", flags()); err == nil || strings.Contains(err.Error(), "hunter3") {
		t.Errorf("refused: %v", err)
	}
}

func TestEveryRowIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for i := range Keys {
		k := &Keys[i]
		if seen[k.Name] || k.For == "" || musts[k.Kind] == "" || kindLabels[k.Kind] == "" {
			t.Errorf("row %q: twice, or without words", k.Name)
		}
		seen[k.Name] = true
		if k.Kind != Path {
			if err := k.check(k.Default, fromDefault); err != nil {
				t.Errorf("the default is refused: %v", err)
			}
		}
	}
}
