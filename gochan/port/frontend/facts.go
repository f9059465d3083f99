package main

// What the program does with each variable: where it is declared, captured, assigned, and whether its address is taken.

import (
	"go/ast"
	"go/token"
	"go/types"
	"go/version"
)

// event is something that happens to a variable.
type event struct {
	pos   token.Pos
	loops []ast.Node // the loops around it, the outermost first
	post  *ast.ForStmt
}

type facts struct {
	function    ast.Node // the FuncDecl or FuncLit that declares it; nil for a package's
	scope       string
	loops       []ast.Node
	variableOf  *ast.ForStmt // the loop whose init declares it
	captures    []event
	assigned    []event
	inClosure   bool // assigned in a FuncLit deeper than its function
	mutated     int  // assignments to a part: x.f = v, x[i] = v for an array
	addrTaken   bool
	partTaken   bool
	used        bool
	declaredPos token.Pos
}

// survey collects the facts of a package.
type survey struct {
	info         *types.Info
	facts        map[types.Object]*facts
	literals     map[*ast.FuncLit][]types.Object // what each captures
	jumps        map[ast.Node]bool               // functions with a goto
	perIteration map[ast.Node]bool               // loops whose variables are new in each iteration (Go 1.22)
	stack        []ast.Node
}

// newSurvey collects the facts of all files of a package.
func newSurvey(l *loader, p *pkg, facts map[types.Object]*facts, literals map[*ast.FuncLit][]types.Object) *survey {
	s := &survey{
		info: p.info, facts: facts, literals: literals, jumps: map[ast.Node]bool{}, perIteration: map[ast.Node]bool{},
	}
	for _, f := range p.files {
		current := version.Compare(version.Lang(l.versionOf(p, f)), "go1.22") >= 0
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BranchStmt:
				if n.Tok == token.GOTO {
					s.jumps[s.function(len(s.stack))] = true
				}
			case *ast.ForStmt, *ast.RangeStmt:
				s.perIteration[n] = current
			}
			return s.track(n, func() {})
		})
		ast.Inspect(f.syntax, func(n ast.Node) bool { return s.track(n, func() { s.visit(n) }) })
	}
	return s
}

// track keeps the stack of the node that is visited and those around it.
func (s *survey) track(n ast.Node, visit func()) bool {
	if n == nil {
		s.stack = s.stack[:len(s.stack)-1]
		return true
	}
	s.stack = append(s.stack, n)
	visit()
	return true
}

func (s *survey) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.Ident:
		s.ident(n)
	case *ast.CaseClause:
		if object := s.info.Implicits[n]; object != nil {
			s.declare(object, "local")
		}
	case *ast.AssignStmt:
		for _, target := range n.Lhs {
			s.target(target, n.Tok == token.DEFINE)
		}
	case *ast.IncDecStmt:
		s.target(n.X, false)
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			s.target(n.Key, false)
			s.target(n.Value, false)
		}
	case *ast.ReturnStmt:
		if len(n.Results) > 0 {
			s.returned(n)
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			s.address(n.X)
		}
	case *ast.SliceExpr:
		if isArray(s.typeOf(n.X)) {
			s.address(n.X)
		}
	case *ast.SelectorExpr:
		s.selector(n)
	}
}

func (s *survey) typeOf(e ast.Expr) types.Type {
	return s.info.TypeOf(e)
}

func isArray(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Array)
	return ok
}

// of returns the facts of a variable, also of one that is not declared yet: a label, a package's variable.
func (s *survey) of(object types.Object) *facts {
	f := s.facts[object]
	if f == nil {
		f = &facts{}
		s.facts[object] = f
	}
	return f
}

func (s *survey) declare(object types.Object, scope string) {
	f := s.of(object)
	f.function = s.function(len(s.stack))
	f.loops = s.loops(len(s.stack))
	f.scope = scope
	f.declaredPos = object.Pos()
}

// function returns the innermost FuncDecl or FuncLit of the first n nodes of the stack.
func (s *survey) function(n int) ast.Node {
	for n--; n >= 0; n-- {
		switch s.stack[n].(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return s.stack[n]
		}
	}
	return nil
}

// loops returns the loops among the first n nodes of the stack, within the innermost function.
func (s *survey) loops(n int) []ast.Node {
	found := []ast.Node{}
	for _, node := range s.stack[:n] {
		switch node.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			found = nil
		case *ast.ForStmt, *ast.RangeStmt:
			found = append(found, node)
		}
	}
	return append([]ast.Node{}, found...)
}

func (s *survey) ident(n *ast.Ident) {
	if object := s.info.Defs[n]; object != nil {
		s.declare(object, s.scopeOf(object))
		s.facts[object].variableOf = s.initOf(n)
	}
	if object := origin(s.info.Uses[n]); object != nil {
		s.use(object)
	}
}

func (s *survey) use(object types.Object) {
	f := s.of(object)
	f.used = true
	if _, variable := object.(*types.Var); !variable || f.function == nil {
		return
	}
	within := false
	for i, node := range s.stack {
		if node == f.function {
			within = true
			continue
		}
		literal, ok := node.(*ast.FuncLit)
		if !ok || !within {
			continue
		}
		if !contains(s.literals[literal], object) {
			s.literals[literal] = append(s.literals[literal], object)
		}
		if s.function(i) == f.function {
			f.captures = append(f.captures, event{literal.Pos(), s.loops(i), s.postOf(i)})
		}
	}
}

func contains(objects []types.Object, wanted types.Object) bool {
	for _, object := range objects {
		if object == wanted {
			return true
		}
	}
	return false
}

// scopeOf returns where an object is declared: the field list that holds it says what it is.
func (s *survey) scopeOf(object types.Object) string {
	if object.Parent() != nil && object.Pkg() != nil && object.Parent() == object.Pkg().Scope() {
		return "package"
	}
	if v, ok := object.(*types.Var); ok && v.IsField() {
		return "field"
	}
	if fn, ok := object.(*types.Func); ok {
		if fn.Name() == "init" || fn.Name() == "_" {
			if fn.Type().(*types.Signature).Recv() == nil {
				return "package"
			}
		}
		return "method"
	}
	for i := len(s.stack) - 1; i > 0; i-- {
		list, ok := s.stack[i].(*ast.FieldList)
		if !ok {
			continue
		}
		switch parent := s.stack[i-1].(type) {
		case *ast.FuncDecl:
			return "recv"
		case *ast.FuncType:
			switch list {
			case parent.Params:
				return "param"
			case parent.Results:
				return "result"
			}
		}
		break
	}
	return "local"
}

// initOf returns the for statement whose init declares the identifier.
func (s *survey) initOf(n *ast.Ident) *ast.ForStmt {
	if len(s.stack) < 3 {
		return nil
	}
	loop, ok := s.stack[len(s.stack)-3].(*ast.ForStmt)
	if !ok || loop.Init == nil || n.Pos() < loop.Init.Pos() || n.End() > loop.Init.End() {
		return nil
	}
	return loop
}

// postOf returns the for statement in whose post statement, or condition, the first n nodes of the stack end.
func (s *survey) postOf(n int) *ast.ForStmt {
	for i := n - 1; i > 0; i-- {
		switch loop := s.stack[i-1].(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return nil
		case *ast.ForStmt:
			if s.stack[i] == loop.Post || s.stack[i] == loop.Cond {
				return loop
			}
		}
	}
	return nil
}

// target records an assignment.
func (s *survey) target(e ast.Expr, define bool) {
	if e == nil {
		return
	}
	root, whole := rootOf(s.info, e)
	if root == nil {
		return
	}
	if define && s.info.Defs[root] != nil {
		return
	}
	object := s.info.Uses[root]
	if _, ok := object.(*types.Var); !ok {
		return
	}
	if !whole {
		s.of(object).mutated++
		return
	}
	s.assign(object)
}

func (s *survey) assign(object types.Object) {
	f := s.of(object)
	n := len(s.stack)
	f.assigned = append(f.assigned, event{s.stack[n-1].Pos(), s.loops(n), s.postOf(n)})
	if f.function != nil && s.function(n) != f.function {
		f.inClosure = true
	}
}

// returned records that a return statement with values assigns to the named results.
func (s *survey) returned(n *ast.ReturnStmt) {
	var results *ast.FieldList
	switch fn := s.function(len(s.stack)).(type) {
	case *ast.FuncDecl:
		results = fn.Type.Results
	case *ast.FuncLit:
		results = fn.Type.Results
	}
	if results == nil {
		return
	}
	for _, field := range results.List {
		for _, name := range field.Names {
			if object := s.info.Defs[name]; object != nil {
				s.assign(object)
			}
		}
	}
}

// rootOf returns the variable that an addressable expression is, or is a part of without a pointer between.
func rootOf(info *types.Info, e ast.Expr) (root *ast.Ident, whole bool) {
	whole = true
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x, whole
		case *ast.ParenExpr:
			e = x.X
		case *ast.SelectorExpr:
			selection := info.Selections[x]
			if selection == nil {
				return x.Sel, whole
			}
			if selection.Indirect() {
				return nil, false
			}
			e, whole = x.X, false
		case *ast.IndexExpr:
			if !isArray(info.TypeOf(x.X)) {
				return nil, false
			}
			e, whole = x.X, false
		default:
			return nil, false
		}
	}
}

func (s *survey) address(e ast.Expr) {
	root, whole := rootOf(s.info, e)
	if root == nil {
		return
	}
	object, ok := s.info.Uses[root].(*types.Var)
	if !ok {
		return
	}
	if whole {
		s.of(object).addrTaken = true
	} else {
		s.of(object).partTaken = true
	}
}

// selector records that a method with a pointer receiver is selected from a variable.
func (s *survey) selector(n *ast.SelectorExpr) {
	selection := s.info.Selections[n]
	if selection == nil || selection.Kind() != types.MethodVal {
		return
	}
	if !pointerReceiver(selection.Obj()) || selection.Indirect() && len(selection.Index()) > 1 {
		return
	}
	if _, pointer := s.typeOf(n.X).Underlying().(*types.Pointer); pointer {
		return
	}
	root, whole := rootOf(s.info, n.X)
	if root == nil {
		return
	}
	object, ok := s.info.Uses[root].(*types.Var)
	if !ok {
		return
	}
	if whole && len(selection.Index()) == 1 {
		s.of(object).addrTaken = true
	} else {
		s.of(object).partTaken = true
	}
}

func pointerReceiver(object types.Object) bool {
	signature, ok := object.Type().(*types.Signature)
	if !ok || signature.Recv() == nil {
		return false
	}
	_, pointer := types.Unalias(signature.Recv().Type()).(*types.Pointer)
	return pointer
}

// afterCapture reports whether a variable may be assigned when a closure has captured it; true if unsure.
func (s *survey) afterCapture(f *facts) bool {
	for _, capture := range f.captures {
		for _, assignment := range f.assigned {
			if f.variableOf != nil && s.perIteration[f.variableOf] && assignment.post == f.variableOf && capture.post != f.variableOf {
				continue // the post statement assigns to the variable of the next iteration
			}
			if assignment.pos >= capture.pos || s.jumps[f.function] || s.shareLoop(f, capture, assignment) {
				return true
			}
		}
	}
	return false
}

// shareLoop reports whether a loop that runs while the variable lives holds both events.
func (s *survey) shareLoop(f *facts, a, b event) bool {
	lives := map[ast.Node]bool{}
	for _, loop := range a.loops {
		lives[loop] = true
	}
	for _, loop := range f.loops {
		if f.variableOf == nil || s.perIteration[loop] || loop != f.variableOf {
			delete(lives, loop)
		}
	}
	for _, loop := range b.loops {
		if lives[loop] {
			return true
		}
	}
	return false
}
