using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace MnistLab.Kernel;

/// <summary>The C# of a session's cells as a chain of scripts, each of which sees those before it.</summary>
internal sealed class ScriptChain : IDisposable
{
    private readonly CellEditor _editor;
    private readonly LibrarySnapshots? _snapshots;
    private readonly LibraryReferences _libraries;
    private readonly ScriptFiles _files;
    private readonly LibraryFolders _folders = new();
    private readonly PackageSet _packages;
    private readonly List<string> _packageFiles = [];
    private readonly InteractiveAssemblyLoader _loader = new();
    private readonly HashSet<string> _referenced = new(StringComparer.Ordinal);
    private readonly ScriptOptions _options;
    private readonly List<(string Name, object? Value, Type? Type)> _afterCell = [];
    private ScriptState<object>? _state;
    private int _depth;

    /// <param name="folder">Where relative paths start.</param>
    /// <param name="editor">Is told of what has run.</param>
    /// <param name="snapshots">What stands for the libraries that cells refer to; null if they are used where they are.</param>
    public ScriptChain(string folder, CellEditor editor, LibrarySnapshots? snapshots)
    {
        _snapshots = snapshots;
        _editor = editor;
        _libraries = new(folder, snapshots);
        _files = new(folder);
        _packages = new(folder, _folders);
        _options = ScriptOptions.Default
            .WithLanguageVersion(LanguageVersion.Latest)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithEmitDebugInformation(true)
            .WithAllowUnsafe(true)
            .WithFileEncoding(Encoding.UTF8)
            .WithReferences(Array.Empty<MetadataReference>())
            .WithImports()
            .WithMetadataResolver(_libraries)
            .WithSourceResolver(_files);
        foreach (var known in new[] { typeof(ScriptChain).Assembly, typeof(Microsoft.DotNet.Interactive.Formatting.Formatter).Assembly, typeof(Microsoft.DotNet.Interactive.Kernel).Assembly }) _loader.RegisterDependency(known);
    }

    /// <summary>The version of C# that cells are written in, such as <c>14.0</c>.</summary>
    public static string LanguageVersionName { get; } = LanguageVersion.Latest.MapSpecifiedToEffectiveVersion().ToDisplayString();

    public static CSharpParseOptions Dialect { get; } = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    public static IReadOnlyList<string> DefaultUsings { get; } =
    [
        "System",
        "System.Collections",
        "System.Collections.Generic",
        "System.Linq",
        "System.Text",
        "System.Threading.Tasks",
        "Microsoft.AspNetCore.Html",
        typeof(Microsoft.DotNet.Interactive.Kernel).FullName!,
    ];

    /// <summary>The usings, and what takes the place of some of their members.</summary>
    public static IReadOnlyList<string> Imports { get; } = [.. DefaultUsings, typeof(CellMembers).FullName!];

    /// <summary>The variables that a next cell would see.</summary>
    public IReadOnlyList<ScriptVariable> Variables => [.. (_state?.Variables ?? []).Reverse().DistinctBy(variable => variable.Name).Reverse()];

    /// <summary>The folders of the packages in use.</summary>
    public IReadOnlyList<string> PackageFolders => _packages.Folders;

    /// <summary>The names of libraries in use that were built anew since they were loaded, each told once.</summary>
    public IReadOnlyList<string> TakeChangedLibraries() => _snapshots?.TakeChanges() ?? [];

    /// <summary>Finds packages, for the next C# and all that follows.</summary>
    /// <returns>Their names and versions.</returns>
    /// <exception cref="PackageException">They cannot be had, or not together.</exception>
    public async Task<IReadOnlyList<(string Name, string Version)>> AddPackagesAsync(IReadOnlyList<PackageDirective> packages, IReadOnlyList<string> feeds, CancellationToken cancellationToken)
    {
        var (references, found) = await _packages.AddAsync(packages, feeds, cancellationToken);
        _packageFiles.AddRange(references);
        return found;
    }

    /// <summary>Finds the scripts that C# loads, and those that they load in turn.</summary>
    /// <param name="code">The C#.</param>
    /// <param name="folder">The folder of the file that it stands in.</param>
    public IEnumerable<CellSource> LoadedBy(string code, string folder) => _files.LoadedBy(code, Path.Combine(folder, "cell")).Values.Select(CellSource.Parse);

    /// <summary>Compiles and runs C#. Code that running code sends is run at once; its variables are there when the running code has ended.</summary>
    /// <param name="code">The C#, with as many lines before it as in its cell.</param>
    /// <param name="folder">The folder of the file that it stands in.</param>
    /// <param name="number">The cell's number, by which errors name it.</param>
    /// <param name="begin">Is called on the thread that then runs the code.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<ScriptResult> RunAsync(string code, string folder, int number, Action begin, CancellationToken cancellationToken)
    {
        var isNested = _depth++ > 0;
        var variables = _state?.Variables.Length ?? 0;
        ScriptResult result;
        try
        {
            result = await RunSubmissionAsync(code, folder, number, begin, cancellationToken);
        }
        finally
        {
            _depth--;
        }

        if (isNested)
        {
            // The state of the code that goes on replaces this one.
            _afterCell.AddRange(_state!.Variables.Skip(variables).Select(variable => (variable.Name, (object?)variable.Value, (Type?)variable.Type)));
            return result;
        }

        var variablesToSet = _afterCell.ToArray();
        _afterCell.Clear();
        foreach (var (name, value, type) in variablesToSet) await SetVariableAsync(name, value, type, CancellationToken.None);
        return result;
    }

    private async Task<ScriptResult> RunSubmissionAsync(string code, string folder, int number, Action begin, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"cell {number}"));
        var files = LibrariesOf(code, file);
        var references = files.Select(_libraries.ReferenceTo).ToList();
        var previous = _state ??= await BeginAsync(cancellationToken);
        // References and imports carry over from cell to cell. To give them again would make memory grow with the square of the number of cells.
        var script = previous.Script.ContinueWith<object>(code, _options
            .WithReferences(references)
            .WithFilePath(file));
        var errors = script.Compile(cancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        if (errors.Count > 0) return new(false, null, CellErrors.Compilation(errors));

        foreach (var library in files.Except(_packageFiles)) _folders.Add(Path.GetDirectoryName(library)!);
        var state = await CellThread.RunAsync(() => RunScriptAsync(script, previous, begin), cancellationToken);
        _state = state;
        _referenced.UnionWith(files);
        _editor.Add(script.GetCompilation(), references);
        if (state.Exception is { } thrown)
            return new(false, null, cancellationToken.IsCancellationRequested ? CellErrors.Interrupted() : CellErrors.Exception(thrown));
        return new(state.ReturnValue is not null || EndsWithValue(script), state.ReturnValue, null);
    }

    /// <summary>Declares a variable, or declares it anew, and gives it a value.</summary>
    /// <param name="name">An identifier of C#.</param>
    /// <param name="value">The value; may be null.</param>
    /// <param name="type">The variable's type; null for the value's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The name is not an identifier.</exception>
    public async Task SetVariableAsync(string name, object? value, Type? type, CancellationToken cancellationToken)
    {
        if (!SyntaxFacts.IsValidIdentifier(name)) throw new ArgumentException($"'{name}' is not a valid name of a C# variable.", nameof(name));
        if (_depth > 0)
        {
            _afterCell.Add((name, value, type));
            return;
        }

        var result = await RunAsync($"{CSharpTypeName.Of(type ?? value?.GetType() ?? typeof(object))} @{name} = default;", "", 0, () => { }, cancellationToken);
        if (result.Error is { } error) throw new InvalidOperationException(error.Message);
        _state!.GetVariable(name).Value = value;
    }

    public void Dispose()
    {
        _folders.Dispose();
        _loader.Dispose();
    }

    private static Task<ScriptState<object>> RunScriptAsync(Script<object> script, ScriptState<object> previous, Action begin)
    {
        begin();
        return script.RunFromAsync(previous, _ => true, CancellationToken.None);
    }

    private async Task<ScriptState<object>> BeginAsync(CancellationToken cancellationToken)
    {
        var options = _options.WithReferences(PlatformAssemblies.References.Values).WithImports(Imports);
        return await CSharpScript.Create<object>(CellMembers.Declaration, options, assemblyLoader: _loader).RunAsync(cancellationToken: cancellationToken);
    }

    private List<string> LibrariesOf(string code, string file) =>
    [
        .. _packageFiles
            .Concat(from script in _files.LoadedBy(code, file).Select(loaded => (loaded.Key, CellSource.CSharpOf(loaded.Value))).Append((Key: file, code))
                    from directive in CSharpSyntaxTree.ParseText(script.Item2, Dialect).GetCompilationUnitRoot().GetReferenceDirectives()
                    where directive.IsActive
                    from library in _libraries.WithDependencies(directive.File.ValueText, script.Key)
                    select library)
            .Distinct()
            .Where(library => !_referenced.Contains(library)),
    ];

    // A final expression without a semicolon, unless it has no value (a call of a void method, an awaited Task); or a return of a value.
    private static bool EndsWithValue(Script<object> script)
    {
        var compilation = script.GetCompilation();
        var tree = compilation.SyntaxTrees.Last();
        return ((CompilationUnitSyntax)tree.GetRoot()).Members is [.., GlobalStatementSyntax { Statement: var last }] && last switch
        {
            ReturnStatementSyntax { Expression: not null } => true,
            ExpressionStatementSyntax { SemicolonToken.IsMissing: true, Expression: var expression } =>
                compilation.GetSemanticModel(tree).GetTypeInfo(expression).Type?.SpecialType != SpecialType.System_Void,
            _ => false,
        };
    }
}
