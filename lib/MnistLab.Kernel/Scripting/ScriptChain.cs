using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Directives;
using MnistLab.Kernel.Display;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Editing;

namespace MnistLab.Kernel.Scripting;

/// <summary>
/// Compiles and runs the C# of a session as a chain of submissions, each of which sees the declarations of the previous
/// ones.
/// </summary>
internal sealed class ScriptChain : IDisposable
{
    private readonly CellEditor _editor;
    private readonly Submissions _submissions;
    private readonly CellAssemblies _assemblies;
    private readonly List<(string Name, object? Value, Type? Type)> _afterCell = [];
    private CellInstances _instances = new();
    private CSharpCompilation? _last;
    private CellThread _thread = new();
    private CellCulture? _culture;
    private int _depth;

    /// <param name="references">The references of the session.</param>
    /// <param name="editor">The editor, which receives the submissions that have run.</param>
    public ScriptChain(SessionReferences references, CellEditor editor)
    {
        References = references;
        _editor = editor;
        _submissions = new(references);
        _assemblies = new(references.LoadContext);
    }

    /// <summary>Gets the variables that are visible to the next cell.</summary>
    public IReadOnlyList<CellVariable> Variables => _instances.Variables;

    /// <summary>Gets the references of the session.</summary>
    public SessionReferences References { get; }

    /// <summary>
    /// Compiles and runs C# code. Its declarations are kept, regardless of how it ends. If running code submits more
    /// code, the nested code runs immediately; its variables become visible when the outer code has ended.
    /// </summary>
    /// <param name="code">The code, at the same line numbers as in its cell.</param>
    /// <param name="file">The file that contains the code; for a cell, its virtual file name.</param>
    /// <param name="scope">The cell that the code belongs to.</param>
    /// <param name="format">
    /// Formats the value for display, as a part of the cell. Returns null for a value that is not displayed.
    /// </param>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public async Task<ScriptResult> RunAsync(
        string code, string file, CellScope scope, Func<object?, MimeBundle?> format)
    {
        var isNested = _depth++ > 0;
        try
        {
            return await RunSubmissionAsync(code, file, scope, format, isNested);
        }
        finally
        {
            if (--_depth == 0 && _afterCell.Count > 0) await SetVariablesAfterCellAsync();
        }
    }

    private async Task<ScriptResult> RunSubmissionAsync(
        string code, string file, CellScope scope, Func<object?, MimeBundle?> format, bool isNested)
    {
        _last ??= await BeginAsync();
        var files = References.NewFor(code, file);
        var references = References.To(files);
        var tree = CSharpSyntaxTree.ParseText(
            code, CSharpDialect.ParseOptions, cancellationToken: scope.CancellationToken);
        var (text, insertion) = CellStart.InsertInto(code, tree);
        var compilation = _submissions.Next(text, file, references, _last);
        var cell = CompiledCell.Compile(compilation, _assemblies, scope);
        if (cell.Errors.Count > 0)
            return ScriptResult.Failed(CompilationErrors.From(cell.Errors, insertion, file)).Of(cell, insertion);

        References.MakeLoadable(files);
        // Nested code, which running code submits, has a separate state; the state of the outer code replaces it when
        // the outer code ends.
        var instances = _instances.ForNext();
        try
        {
            if (cell.Run is null) return ScriptResult.Nothing.Of(cell, insertion);
            return (await OnThreadAsync(
                () => RunAsync(cell, instances, scope, format), isNested, scope.CancellationToken)).Of(cell, insertion);
        }
        finally
        {
            if (cell.Run is null || instances.Add(compilation.SyntaxTrees, releases: !isNested))
            {
                (_last, _instances) = (compilation, instances);
                References.Keep(files);
                _editor.Add(compilation, references);
                if (isNested && cell.Run is not null)
                    _afterCell.AddRange(instances.VariablesOfLast.Select(
                        variable => (variable.Name, variable.Value, (Type?)variable.Type)));
            }
        }
    }

    private async Task SetVariablesAfterCellAsync()
    {
        var variables = _afterCell.ToArray();
        _afterCell.Clear();
        foreach (var (name, value, type) in variables)
            await SetVariableAsync(name, value, type, CancellationToken.None);
    }

    /// <summary>
    /// Declares or redeclares a variable and sets its value. While a cell is running, this is done when the cell has
    /// ended.
    /// </summary>
    /// <param name="name">A C# identifier.</param>
    /// <param name="value">The value; may be null.</param>
    /// <param name="type">The type of the variable; null for the type of the value.</param>
    /// <param name="cancellationToken">A token that cancels the operation.</param>
    /// <exception cref="ArgumentException">The name is not an identifier.</exception>
    public async Task SetVariableAsync(string name, object? value, Type? type, CancellationToken cancellationToken)
    {
        if (!SyntaxFacts.IsValidIdentifier(name))
            throw new ArgumentException($"'{name}' is not a valid name of a C# variable.", nameof(name));
        if (_depth > 0)
        {
            _afterCell.Add((name, value, type));
            return;
        }

        var declaration = $"{CSharpTypeName.Format(type ?? value?.GetType() ?? typeof(object))} @{name} = default;";
        var scope = CellScope.OfNoCell(cancellationToken);
        var result = await RunAsync(declaration, scope.FileIn(""), scope, _ => null);
        if (result.Error is { } error) throw new InvalidOperationException(error.Message);
        _instances.Set(name, value);
    }

    /// <summary>Runs a function as a part of a cell, with the output and the cancellation token of the cell.</summary>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public Task<T> RunAsync<T>(CellScope scope, Func<T> work) => OnThreadAsync(
        () =>
        {
            CellScope.Current = scope;
            return Task.FromResult(work());
        },
        isNested: false,
        scope.CancellationToken);

    public void Dispose()
    {
        References.Dispose();
        _thread.Dispose();
    }

    // Runs in the execution context of the caller, as a new thread would.
    private async Task<T> OnThreadAsync<T>(Func<Task<T>> work, bool isNested, CancellationToken cancellationToken)
    {
        var flow = ExecutionContext.Capture();
        Task<T> InFlow()
        {
            if (flow is not null) ExecutionContext.Restore(flow);
            return work();
        }

        if (isNested)
        {
            using var thread = new CellThread();
            return await thread.RunAsync(InFlow, cancellationToken);
        }

        if (!_thread.IsUsable)
        {
            _thread.Dispose();
            _thread = new();
        }

        return await _thread.RunAsync(InFlow, cancellationToken);
    }

    private async Task<ScriptResult> RunAsync(
        CompiledCell cell, CellInstances instances, CellScope scope, Func<object?, MimeBundle?> format)
    {
        CellScope.Current = scope;
        _culture?.Apply();
        try
        {
            var running = cell.Run!(instances.Objects);
            if (scope.TakeStart() is { } start)
            {
                // Does not capture the execution context, so that the continuation sees the one in which the cell ends.
                using (ExecutionContext.SuppressFlow())
                {
                    _ = running.ContinueWith(
                        _ => _culture = CellCulture.Current,
                        CancellationToken.None,
                        TaskContinuationOptions.ExecuteSynchronously,
                        TaskScheduler.Default);
                }

                start();
            }

            var value = await running;
            if (value is null && !cell.HasValue) return ScriptResult.Nothing;
            _culture?.Apply();
            return new(true, value, format(value), null);
        }
        // An exception of the cell or of a user's formatter ends the cell, not the session.
        catch (Exception error)
        {
            if (scope.CancellationToken.IsCancellationRequested) return ScriptResult.Failed(CellErrors.Interrupted());
            return ScriptResult.Failed(CellErrors.Exception(error), error);
        }
    }

    private async Task<CSharpCompilation> BeginAsync()
    {
        var compilation = _submissions.Begin(CellPrelude.Declaration);
        var instances = _instances.ForNext();
        await CompiledCell.Compile(compilation, _assemblies, CellScope.OfNoCell()).Run!(instances.Objects);
        instances.Add(compilation.SyntaxTrees, releases: false);
        _instances = instances;
        return compilation;
    }
}
