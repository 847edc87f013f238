package deploy

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// anAgent is OpenSSH's own.
func anAgent(t *testing.T) (socket string) {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "agent-") // a socket's path is short
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket = filepath.Join(dir, "agent")
	cmd := exec.Command(program(t, "ssh-agent"), "-D", "-a", socket)
	must(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for range 200 {
		if conn, err := net.Dial("unix", socket); err == nil {
			conn.Close()
			return socket
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("ssh-agent does not answer")
	return ""
}

// add gives a key to an agent, as a user does who is asked for its passphrase.
func add(t *testing.T, socket, key, passphrase string) {
	t.Helper()
	ask := write(t, filepath.Join(t.TempDir(), "ask"), "#!/bin/sh\necho '"+passphrase+"'\n")
	must(t, os.Chmod(ask, 0o700))
	cmd := exec.Command(program(t, "ssh-add"), "-q", key)
	cmd.Env = append(os.Environ(), "SSH_AUTH_SOCK="+socket, "SSH_ASKPASS="+ask, "SSH_ASKPASS_REQUIRE=force", "DISPLAY=:0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ssh-add: %s", out)
	}
}

// locked replaces the user's key by one that has a passphrase, and has the server
// let that in.
func (p place) locked(t *testing.T, passphrase string) (key string) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	block, err := ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte(passphrase))
	must(t, err)
	key = write(t, filepath.Join(p.home, ".ssh", "id_ed25519"), string(pem.EncodeToMemory(block)))
	shown, err := ssh.NewPublicKey(public)
	must(t, err)
	write(t, filepath.Join(filepath.Dir(p.dir), "authorized"), string(ssh.MarshalAuthorizedKey(shown)))
	write(t, key+".pub", string(ssh.MarshalAuthorizedKey(shown)))
	return key
}

// A key with a passphrase is refused with what to do, and is used when the agent
// holds it, among many others too if it is named.
func TestAgent(t *testing.T) {
	at := anSFTP(t)
	key := at.locked(t, "open sesame")
	tells(t, at.fails(t), "127.0.0.1 does not let "+aUser(t)+" in", "that key has a passphrase, so give it to your ssh agent: ssh-add "+key)
	socket := anAgent(t)
	at.env = map[string]string{"SSH_AUTH_SOCK": socket}
	tells(t, at.fails(t), "give it to your ssh agent: ssh-add "+key)
	for range 8 { // of which a server looks at six
		_, text := aKey(t)
		add(t, socket, write(t, filepath.Join(t.TempDir(), "other"), text), "")
	}
	add(t, socket, key, "open sesame")
	at.send(t, newPaper(3).edition())

	host, port, _ := net.SplitHostPort(endpoint(at))
	named := at
	named.to = "sftp://paper" + at.dir
	config := filepath.Join(at.home, ".ssh", "config")
	write(t, config, "Host paper\n\tHostName "+host+"\n\tPort "+port+"\n\tUser "+aUser(t)+"\n\tIdentityFile ~/.ssh/id_ed25519.pub\n")
	named.send(t, newPaper(4).edition())
	write(t, config, strings.ReplaceAll("Host other\n\tPort 1\nHost pa*\n\tHostName 127.0.0.1\n\tPort "+port+"\n\tUser "+aUser(t)+"\n\tIdentityFile ~/nowhere\n", "\t", "  "))
	tells(t, named.fails(t), "the key cannot be read", "look at IdentityFile in ~/.ssh/config")
	write(t, filepath.Join(at.home, "nowhere"), "no key")
	tells(t, named.fails(t), "is no private key", "look at IdentityFile in ~/.ssh/config")

	// An agent that is gone is no reason to stop for whoever has a key.
	at = anSFTP(t)
	at.env = map[string]string{"SSH_AUTH_SOCK": filepath.Join(t.TempDir(), "gone")}
	at.send(t, newPaper(3).edition())
}

// Known hosts may be written as sums; a key that was revoked is refused.
func TestKnownHosts(t *testing.T) {
	at := anSFTP(t)
	known := filepath.Join(at.home, ".ssh", "known_hosts")
	if out, err := exec.Command(program(t, "ssh-keygen"), "-q", "-H", "-f", known).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %s", out)
	}
	data, err := os.ReadFile(known)
	must(t, err)
	if !strings.HasPrefix(string(data), "|1|") {
		t.Fatalf("%s", data)
	}
	at.send(t, newPaper(3).edition())
	write(t, known, string(data)+"@revoked * "+string(ssh.MarshalAuthorizedKey(at.host)))
	tells(t, at.fails(t), "the key of 127.0.0.1 was revoked", "ask those who run the server")
	write(t, known, "what is this\n")
	tells(t, at.fails(t), "the list of known hosts cannot be read", "mend that line, or remove it")
}
