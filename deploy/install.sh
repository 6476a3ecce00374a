#!/bin/sh
# 安装或更新 Doorstep。在解开的安装包目录里以 root 执行：  sh install.sh
# Needs no network. PREFIX installs below another root (for tests and images): no user is
# made there and nothing is started.
set -eu
cd "$(dirname "$0")"
root=${PREFIX:-}
say() { printf '%s\n' "$*"; }

[ -n "$root" ] || [ "$(id -u)" -eq 0 ] || { say "请用 root 执行：sudo sh install.sh" >&2; exit 1; }
say "1/5 校验安装包"
sha256sum --quiet -c SHA256SUMS || { say "安装包不完整或被改动，请重新拷贝。" >&2; exit 1; }
./doorstep --version >/dev/null || { say "程序不能在这台机器上运行(需要 64 位 Linux，与安装包的处理器一致)。" >&2; exit 1; }

say "2/5 建立服务用户"
if [ -z "$root" ] && ! id doorstep >/dev/null 2>&1; then
  useradd --system --home-dir /var/lib/doorstep --shell /usr/sbin/nologin doorstep
fi

say "3/5 放置文件"
mkdir -p "$root/usr/local/bin" "$root/usr/local/share/doc/doorstep" "$root/etc/doorstep" "$root/etc/systemd/system"
bin=$root/usr/local/bin/doorstep
[ ! -f "$bin" ] || cp -p "$bin" "$bin.previous" # the way back, together with the backup
cp doorstep "$bin.new" && chmod 755 "$bin.new" && mv -f "$bin.new" "$bin" # a running one is not written into
cp -R docs/. "$root/usr/local/share/doc/doorstep/"
cp doorstep.service "$root/etc/systemd/system/doorstep.service"
if [ -f "$root/etc/doorstep/doorstep.toml" ]; then
  cp doorstep.toml "$root/etc/doorstep/doorstep.toml.example"
  say "    保留原有配置 /etc/doorstep/doorstep.toml"
else
  cp doorstep.toml "$root/etc/doorstep/doorstep.toml"
fi

# Where sudo looks for programs there is no /usr/local/bin on some systems (openEuler, Kylin).
mkdir -p "$root/usr/bin" && ln -sf /usr/local/bin/doorstep "$root/usr/bin/doorstep"
if [ -z "$root" ]; then # the first account is made before the service has ever run
  install -d -o doorstep -g doorstep -m 700 /var/lib/doorstep
fi

say "4/5 检查配置"
"$bin" config --config "$root/etc/doorstep/doorstep.toml" >/dev/null || { say "请按上面的提示改好 /etc/doorstep/doorstep.toml，再执行一次。" >&2; exit 1; }

say "5/5 登记服务"
if [ -z "$root" ]; then
  chown root:doorstep /etc/doorstep && chmod 750 /etc/doorstep
  systemctl daemon-reload
  systemctl enable doorstep
  say "完成。接着：systemctl restart doorstep，再看 sudo -u doorstep doorstep doctor"
else
  say "完成(装在 $root 下，未启动)。"
fi
