using System.Text;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Running;

/// <summary>
/// Reads and sets the parameters of notebooks, which follow papermill's convention: they are the variables that the
/// cell tagged <c>parameters</c> declares. A run that sets parameters inserts a cell tagged <c>injected-parameters</c>
/// immediately after that cell, which redeclares them with their types and the values of the run.
/// </summary>
public static class NotebookParameters
{
    /// <summary>The tag of the cell that declares the parameters.</summary>
    public const string Tag = "parameters";


    private const string InjectedTag = "injected-parameters";

    /// <summary>Returns the parameters of a notebook; empty if no cell is tagged.</summary>
    public static IReadOnlyList<NotebookParameter> Read(NotebookDocument notebook)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        return [.. Declared(notebook).Select(variable => variable.Parameter)];
    }

    /// <summary>Returns the parameters that the code of a cell declares.</summary>
    public static IReadOnlyList<NotebookParameter> In(string source) =>
        [.. DeclaredParameter.In(source).Select(variable => variable.Parameter)];

    /// <summary>
    /// Returns the code of a cell with another value for one of its parameters. The rest of the code stays unchanged.
    /// </summary>
    /// <param name="source">The code.</param>
    /// <param name="name">The name of the parameter.</param>
    /// <param name="value">The value, in the notation of the command line.</param>
    /// <exception cref="NotebookParameterException">
    /// The parameter does not exist or has no initializer, or the value does not fit its type.
    /// </exception>
    public static string WithValue(string source, string name, string value)
    {
        ArgumentNullException.ThrowIfNull(source);
        var variable = DeclaredParameter.In(source).FirstOrDefault(variable => variable.Parameter.Name == name);
        if (variable?.ValueSpan is not { } span)
            throw new NotebookParameterException(name, $"The cell does not declare a parameter '{name}' with a value.");
        var literal = variable.Literal(value)
            ?? throw new NotebookParameterException(name, $"The parameter '{name}' cannot be '{value}': {variable.Expectation}.");
        return string.Concat(source.AsSpan(0, span.Start), literal, source.AsSpan(span.End));
    }

    /// <summary>Parses <c>name=value</c>. The value may contain equals signs, and may be empty.</summary>
    /// <exception cref="NotebookParameterException">The text has no equals sign or no name before it.</exception>
    public static KeyValuePair<string, string> Parse(string assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        var sign = assignment.IndexOf('=', StringComparison.Ordinal);
        return sign > 0
            ? new(assignment[..sign].Trim(), assignment[(sign + 1)..])
            : throw new NotebookParameterException(
                assignment, $"'{assignment}' is not a valid parameter: write name=value, such as epochs=5.");
    }

    /// <summary>Sets, in each notebook, the values for which it has parameters.</summary>
    /// <exception cref="NotebookParameterException">
    /// No notebook has a parameter for a value, or the value does not fit the type of a parameter.
    /// </exception>
    internal static void Inject(IReadOnlyList<NotebookDocument> notebooks, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count == 0) return;

        var declared = notebooks.Select(Declared).ToList();
        var known = declared.SelectMany(variables => variables).Select(variable => variable.Parameter).ToList();
        foreach (var name in values.Keys)
        {
            if (!known.Any(parameter => parameter.Name == name))
                throw new NotebookParameterException(name, $"There is no parameter '{name}'. {Describe(known)}");
        }

        foreach (var (notebook, variables) in notebooks.Zip(declared))
        {
            var lines = variables
                .Where(variable => values.ContainsKey(variable.Parameter.Name))
                .Select(variable => Assign(variable, values[variable.Parameter.Name]))
                .ToList();
            if (lines.Count > 0) Inject(notebook, string.Join('\n', lines.Prepend("// Parameters")));
        }
    }

    private static IReadOnlyList<DeclaredParameter> Declared(NotebookDocument notebook) =>
        notebook.Cells.FirstOrDefault(IsParameters) is { } cell ? DeclaredParameter.In(cell.Source) : [];

    private static bool IsParameters(NotebookCell cell) => cell.Kind == CellKind.Code && cell.Tags.Contains(Tag);

    private static string Assign(DeclaredParameter variable, string value) => variable.Assign(value)
        ?? throw new NotebookParameterException(
            variable.Parameter.Name,
            $"The parameter '{variable.Parameter.Name}' cannot be '{value}': {variable.Expectation}.");

    private static string Describe(List<NotebookParameter> known) => known.Count == 0
        ? $"None of the notebooks has a cell tagged '{Tag}' that declares variables."
        : known.Distinct().Aggregate(
            new StringBuilder("The parameters are:"),
            (text, parameter) => text.Append(Environment.NewLine).Append("  ").Append(parameter)).ToString();

    private static void Inject(NotebookDocument notebook, string source)
    {
        // Removes the injected cell of an earlier run if an executed notebook is run again.
        foreach (var earlier in notebook.Cells.Where(cell => cell.Tags.Contains(InjectedTag)).ToList()) notebook.Remove(earlier);
        var index = notebook.Cells.Index().First(cell => IsParameters(cell.Item)).Index;
        notebook.InsertCode(index + 1, InjectedTag, source, InjectedTag);
    }
}
