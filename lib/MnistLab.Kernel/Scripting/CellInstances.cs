using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MnistLab.Kernel.Scripting;

/// <summary>
/// Stores the cells that have run, each as an object whose fields are the variables of the cell. If a later cell
/// redeclares a variable, the old one is set to its default value so that its previous value can be garbage-collected,
/// unless code that may still run refers to it: a function, a lambda expression, a query, or a type.
/// </summary>
internal sealed class CellInstances
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private readonly List<(FieldInfo Field, object Cell, int Number)> _variables;
    private readonly Dictionary<string, int> _lastCellToKeep;
    private int _count;
    private int _number;

    /// <summary>Initializes an instance without cells.</summary>
    public CellInstances() =>
        (Objects, _count, _variables, _lastCellToKeep) = (new object?[16], 1, [], new(StringComparer.Ordinal));

    private CellInstances(CellInstances other)
    {
        Objects = new object?[Math.Max(other.Objects.Length, 2 * other._count)];
        other.Objects.AsSpan(0, other._count).CopyTo(Objects);
        (_count, _number) = (other._count, other._number);
        (_variables, _lastCellToKeep) = ([.. other._variables], new(other._lastCellToKeep, StringComparer.Ordinal));
    }

    /// <summary>
    /// Gets the objects of the cells, in the layout that the compiler expects: each cell adds itself after the previous
    /// ones. The first element is for globals, which are not used.
    /// </summary>
    public object?[] Objects { get; }

    /// <summary>Gets the variables that are visible to the next cell, in the order of their declaration.</summary>
    public IReadOnlyList<CellVariable> Variables => [.. _variables.Select(ToVariable)];

    /// <summary>Gets the variables of the cell that was added last.</summary>
    public IReadOnlyList<CellVariable> VariablesOfLast =>
        [.. _variables.Where(variable => variable.Number == _number).Select(ToVariable)];

    /// <summary>Returns a copy to run the next cell with.</summary>
    public CellInstances ForNext() => new(this);

    /// <summary>Adds the cell that ran with this instance, regardless of how the cell ended.</summary>
    /// <param name="trees">The syntax trees of the cell and the scripts that it loads.</param>
    /// <param name="releases">Whether to clear the variables that the cell redeclares.</param>
    /// <returns>False if the cell was stopped before it began, in which case no later cell can follow it.</returns>
    public bool Add(IEnumerable<SyntaxTree> trees, bool releases)
    {
        if (Objects[_count] is not { } cell) return false;
        _count++;
        _number++;
        foreach (var name in trees.SelectMany(tree => NamesInLastingCode(tree.GetRoot())))
            _lastCellToKeep[name] = _number;
        foreach (var field in cell.GetType().GetFields(Declared).Where(IsVariable))
        {
            foreach (var hidden in _variables.Where(variable => releases && variable.Field.Name == field.Name))
                Release(hidden.Field, hidden.Cell, hidden.Number);
            _variables.RemoveAll(variable => variable.Field.Name == field.Name);
            _variables.Add((field, cell, _number));
        }

        return true;
    }

    /// <summary>Sets an existing variable.</summary>
    public void Set(string name, object? value)
    {
        var (field, cell, _) = _variables.Single(variable => variable.Field.Name == name);
        field.SetValue(cell, value);
    }

    private static CellVariable ToVariable((FieldInfo Field, object Cell, int Number) variable) =>
        new(variable.Field.Name, variable.Field.FieldType, variable.Field.GetValue(variable.Cell));

    private void Release(FieldInfo field, object cell, int number)
    {
        if (_lastCellToKeep.GetValueOrDefault(field.Name) < number && !field.IsInitOnly) field.SetValue(cell, null);
    }

    private static bool IsVariable(FieldInfo field) => char.IsLetterOrDigit(field.Name[0]) || field.Name[0] == '_';

    // Top-level statements have completed when another cell runs, but the code of these nodes can run at any later
    // time.
    private static IEnumerable<string> NamesInLastingCode(SyntaxNode root) => root
        .DescendantNodes(node => !IsLasting(node))
        .Where(IsLasting)
        .SelectMany(node => node.DescendantNodes().OfType<IdentifierNameSyntax>())
        .Select(name => name.Identifier.ValueText);

    private static bool IsLasting(SyntaxNode node) => node
        is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or QueryExpressionSyntax
        or BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax or BaseTypeDeclarationSyntax;
}
