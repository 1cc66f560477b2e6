package mqtt

import (
	"strings"

	"strata/layers"
)

// sharedBy splits the filter of a shared subscription, "$share/name/filter"
// (section 4.8.2). Others have no share.
func sharedBy(filter string) (share, inner string) {
	rest, ok := strings.CutPrefix(filter, "$share/")
	if !ok {
		return "", filter
	}
	share, inner, _ = strings.Cut(rest, "/")
	return share, inner
}

// validFilter says whether a topic filter may be subscribed to (sections 4.7
// and 4.8.2).
func validFilter(filter string) bool {
	share, inner := sharedBy(filter)
	if strings.HasPrefix(filter, "$share/") && (share == "" || strings.ContainsAny(share, "+#")) {
		return false
	}
	return inner != "" && layers.ValidTopicFilter(inner)
}

// matches says whether a topic filter, which is valid, matches a topic name
// (section 4.7).
func matches(filter, topic string) bool {
	if filter[0] != '$' && topic[0] == '$' && (filter[0] == '+' || filter[0] == '#') {
		return false // section 4.7.2
	}
	for {
		f, restFilter, moreFilter := strings.Cut(filter, "/")
		if f == "#" {
			return true
		}
		t, restTopic, moreTopic := strings.Cut(topic, "/")
		if f != "+" && f != t {
			return false
		}
		if !moreFilter || !moreTopic {
			return moreFilter == moreTopic || restFilter == "#" // "a/#" matches "a", too
		}
		filter, topic = restFilter, restTopic
	}
}

// topicTree holds the subscriptions of all sessions by the levels of their
// filters, so that finding a topic's subscriptions takes as long as it has
// levels, however many there are.
type topicTree struct {
	next map[string]*topicTree
	subs []*subscription // whose filter ends here, oldest first
}

// at is the place of a filter; nil if there is none and none is to be created.
func (t *topicTree) at(filter string, create bool) *topicTree {
	for level := range strings.SplitSeq(filter, "/") {
		child := t.next[level]
		if child == nil {
			if !create {
				return nil
			}
			if t.next == nil {
				t.next = map[string]*topicTree{}
			}
			child = &topicTree{}
			t.next[level] = child
		}
		t = child
	}
	return t
}

// prune forgets the places on the way of a filter that hold nothing.
func (t *topicTree) prune(filter string) {
	level, rest, more := strings.Cut(filter, "/")
	child := t.next[level]
	if child == nil {
		return
	}
	if more {
		child.prune(rest)
	}
	if len(child.next) == 0 && len(child.subs) == 0 {
		delete(t.next, level)
	}
}

// match calls each for the subscriptions whose filters match a topic.
func (t *topicTree) match(topic string, each func(*subscription)) {
	t.walk(topic, topic[0] == '$', each)
}

// walk matches the levels of topic; wildcards do not match a first level that
// begins with $ (section 4.7.2).
func (t *topicTree) walk(topic string, system bool, each func(*subscription)) {
	all := func(t *topicTree) {
		if t != nil {
			for _, s := range t.subs {
				each(s)
			}
		}
	}
	level, rest, more := strings.Cut(topic, "/")
	down := func(child *topicTree) {
		switch {
		case child == nil:
		case more:
			child.walk(rest, false, each)
		default:
			all(child)
			all(child.next["#"]) // section 4.7.1.2
		}
	}
	down(t.next[level])
	if !system {
		down(t.next["+"])
		all(t.next["#"])
	}
}
