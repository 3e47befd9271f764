using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MnistLab.Kernel;

/// <summary>
/// The cells that have run, each an object whose fields are the cell's variables. A variable that a later cell
/// declares anew is emptied, so that its value does
/// not stay in memory, unless code that can still run names it: a function, a lambda expression, a type.
/// </summary>
internal sealed class CellInstances
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private readonly List<(FieldInfo Field, object Cell, int Number)> _variables;
    private readonly Dictionary<string, int> _lastCellToKeep;
    private int _count;
    private int _number;

    /// <summary>Begins without cells.</summary>
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
    /// Gets the cells, as the compiler has each put itself behind those before it. The first place is for globals,
    /// which do not exist here.
    /// </summary>
    public object?[] Objects { get; }

    /// <summary>Gets the variables that a next cell would see, in the order of their declaration.</summary>
    public IReadOnlyList<CellVariable> Variables => [.. _variables.Select(ToVariable)];

    /// <summary>Gets the variables of the cell that was added last.</summary>
    public IReadOnlyList<CellVariable> VariablesOfLast =>
        [.. _variables.Where(variable => variable.Number == _number).Select(ToVariable)];

    /// <summary>Returns a copy that the next cell can be run with.</summary>
    public CellInstances ForNext() => new(this);

    /// <summary>Takes note of the cell that was run with this object, however it ended.</summary>
    /// <param name="trees">Its code, with that of the scripts that it loads.</param>
    /// <param name="releases">Whether to empty the variables that it declares anew.</param>
    /// <returns>False if the cell was stopped before it began: no later cell can build on it.</returns>
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

    /// <summary>Sets a variable, which exists.</summary>
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

    // Statements at top level have run by the time that another cell runs; code in these can run at any later time.
    private static IEnumerable<string> NamesInLastingCode(SyntaxNode root) => root
        .DescendantNodes(node => !IsLasting(node))
        .Where(IsLasting)
        .SelectMany(node => node.DescendantNodes().OfType<IdentifierNameSyntax>())
        .Select(name => name.Identifier.ValueText);

    private static bool IsLasting(SyntaxNode node) => node
        is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or QueryExpressionSyntax
        or BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax or BaseTypeDeclarationSyntax;
}
