// Command schema writes activities_gen/model/terraform_schema.json: what the decoder of FlowEHR's Terraform provider
// knows of activities. It reads the source of the SDK that the provider is built with; go.mod names its version.
//
// Run by hand, in this folder: go run ./schema > ../../activities_gen/model/terraform_schema.json
//
// "bases" has the interfaces: from the value of "type", as it is compared, to the class that is decoded.
// "enums" are strings. "classes" has for each class
//
//   - keys: its keys, each with its type: a scalar, any, [X], {X}, an interface, an enum or a class,
//   - exact: whether keys are compared with letter case; encoding/json does without,
//   - open: whether unknown keys are kept,
//   - type: what is written as its "type", whatever was read,
//   - always: keys that are written as null if they are missing,
//   - writes: whether it writes itself, and so keeps empty maps, which encoding/json leaves out.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

const source = "github.com/Azure/azure-sdk-for-go/services/datafactory/mgmt/2018-06-01/datafactory"

type class struct {
	Keys   map[string]string `json:"keys"`
	Exact  bool              `json:"exact,omitempty"`
	Open   bool              `json:"open,omitempty"`
	Type   string            `json:"type,omitempty"`
	Always []string          `json:"always,omitempty"`
	Writes bool              `json:"writes,omitempty"`
}

type sdk struct {
	structs   map[string]*ast.StructType
	functions map[string]*ast.FuncDecl
	constants map[string]string
	enums     map[string]bool
}

func main() {
	found := read(directory())
	bases, enums, classes := map[string]map[string]string{}, map[string]bool{}, map[string]class{}
	todo := []string{"BasicActivity"}
	for len(todo) > 0 {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		_, asBase := bases[name]
		_, asClass := classes[name]
		switch {
		case asBase || asClass || enums[name] || name == "any" || !ast.IsExported(name):
		case found.enums[name]:
			enums[name] = true
		case found.functions["unmarshal"+name] != nil:
			bases[name] = found.base(name)
			for _, class := range bases[name] {
				todo = append(todo, class)
			}
		default:
			classes[name] = found.class(name)
			for _, kind := range classes[name].Keys {
				todo = append(todo, strings.Trim(kind, "[]{}"))
			}
		}
	}
	write(bases, sorted(enums), classes)
}

// directory returns the folder of the SDK's source.
func directory() string {
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", source).Output()
	check(err)
	return strings.TrimSpace(string(out))
}

// read collects the declarations of the SDK's models.
func read(folder string) sdk {
	found := sdk{map[string]*ast.StructType{}, map[string]*ast.FuncDecl{}, map[string]string{}, map[string]bool{}}
	for _, name := range []string{"models.go", "enums.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), folder+"/"+name, nil, parser.SkipObjectResolution)
		check(err)
		for _, declared := range file.Decls {
			found.add(declared)
		}
	}
	return found
}

func (found sdk) add(declared ast.Decl) {
	if function, ok := declared.(*ast.FuncDecl); ok {
		name := function.Name.Name
		if function.Recv != nil {
			name = strings.TrimPrefix(text(function.Recv.List[0].Type), "*") + "." + name
		}
		found.functions[name] = function
		return
	}
	for _, spec := range declared.(*ast.GenDecl).Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if kind, ok := spec.Type.(*ast.StructType); ok {
				found.structs[spec.Name.Name] = kind
			} else if text(spec.Type) == "string" {
				found.enums[spec.Name.Name] = true
			}
		case *ast.ValueSpec:
			if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
				value, err := strconv.Unquote(literal.Value)
				check(err)
				found.constants[spec.Names[0].Name] = value
			}
		}
	}
}

// base returns the classes of an interface by the value of their type; the one without a type is what others become.
func (found sdk) base(name string) map[string]string {
	result := map[string]string{}
	ast.Inspect(found.functions["unmarshal"+name], func(node ast.Node) bool {
		clause, ok := node.(*ast.CaseClause)
		if !ok {
			return true
		}
		variable := clause.Body[0].(*ast.DeclStmt).Decl.(*ast.GenDecl).Specs[0].(*ast.ValueSpec)
		kind := ""
		if clause.List != nil {
			kind = found.constants[text(clause.List[0].(*ast.CallExpr).Args[0])]
		}
		result[kind] = text(variable.Type)
		return false
	})
	return result
}

func (found sdk) class(name string) class {
	reads, writes := found.functions[name+".UnmarshalJSON"], found.functions[name+".MarshalJSON"]
	result := class{Keys: map[string]string{}, Exact: reads != nil, Writes: writes != nil}
	for _, field := range found.structs[name].Fields.List {
		tag, err := strconv.Unquote(field.Tag.Value)
		check(err)
		key := strings.Split(reflect.StructTag(tag).Get("json"), ",")[0]
		if key == "" {
			result.Open = true
		} else {
			result.Keys[key] = kind(text(field.Type))
		}
	}
	if writes != nil {
		for _, statement := range writes.Body.List {
			if assigned, ok := statement.(*ast.AssignStmt); ok {
				found.assigned(&result, text(assigned.Lhs[0]), text(assigned.Rhs[0]))
			}
		}
	}
	return result
}

var always = regexp.MustCompile(`^objectMap\["(.*)"\]$`)

// assigned notes what a class writes without condition.
func (found sdk) assigned(result *class, target, value string) {
	if strings.HasSuffix(target, ".Type") {
		result.Type = found.constants[value]
	} else if match := always.FindStringSubmatch(target); match != nil {
		result.Always = append(result.Always, match[1])
	}
}

// kind returns a type of Go in the words of the table.
func kind(written string) string {
	written = strings.TrimPrefix(written, "*")
	switch {
	case written == "interface{}":
		return "any"
	case strings.HasPrefix(written, "[]"):
		return "[" + kind(written[2:]) + "]"
	case strings.HasPrefix(written, "map[string]"):
		return "{" + kind(written[11:]) + "}"
	}
	return written
}

// text returns an expression as it is written, of the few forms that the SDK has.
func text(node ast.Expr) string {
	switch node := node.(type) {
	case *ast.Ident:
		return node.Name
	case *ast.BasicLit:
		return node.Value
	case *ast.StarExpr:
		return "*" + text(node.X)
	case *ast.ArrayType:
		return "[]" + text(node.Elt)
	case *ast.MapType:
		return "map[" + text(node.Key) + "]" + text(node.Value)
	case *ast.SelectorExpr:
		return text(node.X) + "." + node.Sel.Name
	case *ast.IndexExpr:
		return text(node.X) + "[" + text(node.Index) + "]"
	case *ast.InterfaceType:
		return "interface{}"
	}
	return "?"
}

// write prints the table, one line for each class, so that a difference can be read.
func write(bases map[string]map[string]string, enums []string, classes map[string]class) {
	fmt.Printf("{\n  \"bases\": {\n%s\n  },\n  \"enums\": %s,\n  \"classes\": {\n%s\n  }\n}\n", lines(bases), line(enums), lines(classes))
}

func lines[V any](table map[string]V) string {
	result := []string{}
	for _, name := range sorted(table) {
		result = append(result, "    "+line(name)+": "+line(table[name]))
	}
	return strings.Join(result, ",\n")
}

func line(value any) string {
	out, err := json.Marshal(value)
	check(err)
	return string(bytes.TrimSpace(out))
}

func sorted[V any](table map[string]V) []string {
	names := []string{}
	for name := range table {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
