package main

import (
	"errors"
	"fmt"
	"net/url"
	"sort"
	"strings"
)

type link struct {
	base *url.URL
	q    url.Values
}

func visit(raw string, seen map[string]bool) error {
	u, err := url.Parse(raw)
	if err != nil {
		return fmt.Errorf("visit: %w", err)
	}
	if seen[u.Host] {
		return nil
	}
	seen[u.Host] = true
	fmt.Println(u.Scheme, u.Host, u.Hostname(), u.Port(), u.Path, u.RawQuery, u.Fragment, u.Opaque, u.User)
	return nil
}

func main() {
	s := "postgres://user:pass@host.com:5432/path?k=v#f"
	u, err := url.Parse(s)
	if err != nil {
		panic(err)
	}
	fmt.Println(u.Scheme)
	fmt.Println(u.User)
	fmt.Println(u.User.Username())
	p, _ := u.User.Password()
	fmt.Println(p)
	fmt.Println(u.Host, u.Hostname(), u.Port())
	fmt.Println(u.Path, u.Fragment, u.RawQuery)
	m, _ := url.ParseQuery(u.RawQuery)
	fmt.Println(m, m["k"][0])
	seen := map[string]bool{}
	for _, raw := range []string{"http://a.com/x y?z=1&z=2#top", "HTTPS://Bob@b.org:8080", "//c.net/d", "/just/path?q=%20a", "mailto:joe@x.org", "rel/path", "http://[::1]:80/",
		":bad", "http://a b.com/", "http://h:port/", "1http:/x", "http://x/%zz", "ht tp://x", "http://a.com/\x7f", "a:b:c", "a/b:c", "", "*", "http://%41/", "http://x.com/a%2Fb", "http://[::1", "http://us er@h/", "file:///etc/x", "http://h?"} {
		if err := visit(raw, seen); err != nil {
			var ue *url.Error
			fmt.Println(err, errors.As(err, &ue))
			if ue != nil {
				fmt.Printf("%s|%s|%v|%T\n", ue.Op, ue.URL, ue.Err, ue.Err)
			}
			continue
		}
		u, _ := url.Parse(raw)
		fmt.Printf("%s %v %q %t %s\n", u, u.String() == raw, u.EscapedPath(), u.IsAbs(), u.RequestURI())
	}
	q := url.Values{}
	q.Set("name", "Ava & Co")
	q.Add("friend", "Jess")
	q.Add("friend", "Sarah/ö")
	fmt.Println(q.Get("name"), q.Get("friend"), q["friend"], q.Get("none") == "", q.Has("name"), q.Encode())
	q.Del("friend")
	fmt.Println(len(q), q)
	for k, vs := range q {
		fmt.Println(k, strings.Join(vs, "|"))
	}
	b := url.URL{Scheme: "https", Host: "example.com", Path: "/search", RawQuery: q.Encode()}
	fmt.Println(b.String(), b.Query().Get("name"))
	c := b
	c.Path = "/other"
	d := &c
	d.Host = "z.com"
	fmt.Println(b.String(), c.String(), d)
	l := link{base: &b, q: url.Values{"a": {"1"}}}
	ref, _ := url.Parse("../img/x.png?y#z")
	for _, base := range []string{"http://h/a/b/c", "http://h/a/b/", "http://h", "http://h/a/../b"} {
		bu, _ := url.Parse(base)
		fmt.Println(bu.ResolveReference(ref), bu.JoinPath("p", "../q/"))
	}
	abs, err := l.base.Parse("/abs?x=1")
	fmt.Println(abs, err, l.q)
	fmt.Println(url.QueryEscape("a b/c?d=é&~"), url.PathEscape("a b/c?d=é&~"))
	fmt.Println(url.QueryUnescape("a+b%2Fc"))
	fmt.Println(url.QueryUnescape("%"))
	fmt.Println(url.PathUnescape("a+b%2Fc"))
	vals, err := url.ParseQuery("a=1&b=2;c=3&d=%zz&a=4&e&=f")
	keys := make([]string, 0, len(vals))
	for k := range vals {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	fmt.Printf("%q %v\n", keys, err)
	fmt.Println(url.JoinPath("http://h/a/", "../b", "c"))
	fmt.Println(url.UserPassword("me", "p@ss:w"), url.User("x y"))
	r, _ := url.Parse("http://u:secret@h/p")
	fmt.Println(r.Redacted(), r)
	_, err = url.ParseRequestURI("foo")
	fmt.Println(err)

	var nilURL *url.URL
	fmt.Println(nilURL == nil, l.q == nil)
}
