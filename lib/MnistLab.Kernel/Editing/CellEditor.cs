using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Tags;
using Microsoft.CodeAnalysis.Text;
using MnistLab.Kernel.Directives;
using MnistLab.Kernel.Display;
using MnistLab.Kernel.Libraries;

namespace MnistLab.Kernel.Editing;

/// <summary>
/// Provides completion, descriptions, and diagnostics for a cell that is being written, with the declarations of the
/// cells before it. Uses no resources until the first request.
/// </summary>
internal sealed class CellEditor : IDisposable
{
    // Exercises names, members, overloads, and lambda expressions, as most requests do.
    private const string Typical = "Enumerable.Range(0, 3).Select(n => n.ToString()).";

    // A cell that contains this prefix may use ASP.NET Core, whose references are then added.
    private const string WebPrefix = "Microsoft.";

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private readonly List<(Compilation Submission, IReadOnlyList<PortableExecutableReference> References)> _pending = [];
    private readonly Lazy<AdhocWorkspace> _workspace = new(() => new(EditorServices.Compose()));
    private readonly SessionDeclarations _declarations = new(CellPrelude.Declaration);
    private readonly DocumentId _session = NewDocument("session");
    private readonly DocumentId _cell = NewDocument("cell");
    private readonly HashSet<string> _referenced = new(StringComparer.Ordinal);
    private Solution? _solution;
    private bool _hasWeb;

    /// <summary>Adds a cell that has run.</summary>
    /// <param name="submission">The compilation of the cell.</param>
    /// <param name="references">The references that this cell added.</param>
    public void Add(Compilation submission, IReadOnlyList<PortableExecutableReference> references)
    {
        lock (_lock) _pending.Add((submission, references));
    }

    /// <summary>
    /// Pre-JITs the editor and reads the platform's references, so that the first request does not pay for it.
    /// </summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        await CompleteAsync(Typical, Typical.Length, cancellationToken);
        await CompleteAsync("", 0, cancellationToken);
    }

    public async Task<Completions> CompleteAsync(string code, int position, CancellationToken cancellationToken)
    {
        code = CellSource.CSharpOf(code);
        var document = await OpenAsync(code, cancellationToken);
        var service = CompletionService.GetService(document)!;
        var list = await service.GetCompletionsAsync(document, position, cancellationToken: cancellationToken);
        var typed = code[list.Span.Start..Math.Max(list.Span.Start, Math.Min(position, list.Span.End))];
        var items = list.ItemsList
            .Where(item => item.FilterText.StartsWith(typed, StringComparison.OrdinalIgnoreCase) && IsText(item))
            .OrderBy(item => !item.FilterText.StartsWith(typed, StringComparison.Ordinal))
            .ThenBy(item => item.SortText, StringComparer.OrdinalIgnoreCase)
            .DistinctBy(item => item.DisplayText)
            .Select(item => new CompletionItem(item.DisplayText, item.Tags.IsEmpty ? "" : item.Tags[0].ToLowerInvariant()));
        return new(list.Span.Start, Math.Max(position, list.Span.End), [.. items]);
    }

    public async Task<CellDescription?> DescribeAsync(string code, int position, CancellationToken cancellationToken)
    {
        var document = await OpenAsync(CellSource.CSharpOf(code), cancellationToken);
        // Describes the name at or just before the position, where the cursor usually is; otherwise, the call whose
        // arguments are being written.
        var name = IsOfName(code, position) ? position : position - 1;
        var info = IsOfName(code, name)
            ? await QuickInfoService.GetService(document)!.GetQuickInfoAsync(document, name, cancellationToken)
            : null;
        return info is null ? await Signatures.DescribeAsync(document, position, cancellationToken) : Describe(info);
    }

    /// <summary>Returns the call whose arguments are being written at a position; null if there is none.</summary>
    public async Task<CallDescription?> SignaturesAsync(string code, int position, CancellationToken cancellationToken) =>
        await Signatures.CallAsync(await OpenAsync(CellSource.CSharpOf(code), cancellationToken), position, cancellationToken);

    /// <summary>Returns the errors and warnings of a cell in its current state.</summary>
    public async Task<IReadOnlyList<Diagnostic>> DiagnoseAsync(string code, CancellationToken cancellationToken)
    {
        var document = await OpenAsync(CellSource.CSharpOf(code), cancellationToken);
        var model = (await document.GetSemanticModelAsync(cancellationToken))!;
        return [.. model
            .GetDiagnostics(cancellationToken: cancellationToken)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)];
    }

    public void Dispose()
    {
        if (_workspace.IsValueCreated) _workspace.Value.Dispose();
        _turn.Dispose();
    }

    // Excludes snippets, which only some editors can expand, and names of namespaces that are not imported, which would
    // need a using directive.
    private static bool IsText(Microsoft.CodeAnalysis.Completion.CompletionItem item) =>
        !item.Tags.Contains(WellKnownTags.Snippet) && string.IsNullOrEmpty(item.InlineDescription)
        && !item.DisplayText.StartsWith(SessionDeclarations.HiddenPrefix, StringComparison.Ordinal);

    private static bool IsOfName(string code, int position) =>
        position >= 0 && position < code.Length && SyntaxFacts.IsIdentifierPartCharacter(code[position]);

    private static CellDescription Describe(QuickInfoItem info)
    {
        var text = string.Join("\n\n", info.Sections.Select(section => section.Text));
        var markdown = string.Join("\n\n", info.Sections.Select(section =>
            section.Kind == QuickInfoSectionKinds.Description ? $"```csharp\n{section.Text}\n```" : section.Text));
        return new(text, markdown);
    }

    // The cell follows a single script that represents all cells before it, because the time for a chain of scripts
    // would grow with the number of cells.
    private async Task<Document> OpenAsync(string code, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await CatchUpAsync(code, cancellationToken);
            return _solution!.WithDocumentText(_cell, SourceText.From(code)).GetDocument(_cell)!;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task CatchUpAsync(string code, CancellationToken cancellationToken)
    {
        (Compilation Submission, IReadOnlyList<PortableExecutableReference> References)[] pending;
        lock (_lock)
        {
            pending = [.. _pending];
            _pending.Clear();
        }

        var addsWeb = !_hasWeb && code.Contains(WebPrefix, StringComparison.Ordinal);
        if (_solution is not null && pending.Length == 0 && !addsWeb) return;
        foreach (var (submission, _) in pending) _declarations.Add(submission);
        var references = pending.SelectMany(cell => cell.References);
        if (addsWeb) references = references.Concat(PlatformAssemblies.WebReferences);
        _solution = (_solution ?? Begin(_workspace.Value.CurrentSolution))
            .WithDocumentText(_session, SourceText.From(_declarations.ToString()))
            .AddMetadataReferences(
                _session.ProjectId,
                references.Where(reference => _referenced.Add(reference.FilePath!)));
        _hasWeb |= addsWeb;
        // Compiles in the solution that is kept, so that the solutions derived from it reuse the compilation.
        await _solution.GetProject(_cell.ProjectId)!.GetCompilationAsync(cancellationToken);
    }

    private Solution Begin(Solution solution) =>
        AddScript(
            AddScript(solution, _session, PlatformAssemblies.References.Values, null),
            _cell,
            [],
            _session.ProjectId);

    // A script inherits the references of the previous script.
    private static Solution AddScript(
        Solution solution, DocumentId document, IEnumerable<MetadataReference> references, ProjectId? previous)
    {
        var name = document.ProjectId.ToString()!;
        return solution
            .AddProject(ProjectInfo.Create(
                document.ProjectId,
                VersionStamp.Default,
                name,
                name,
                LanguageNames.CSharp,
                isSubmission: true,
                parseOptions: CSharpDialect.ParseOptions,
                compilationOptions: new CSharpCompilationOptions(
                    OutputKind.DynamicallyLinkedLibrary,
                    scriptClassName: previous is null ? "Session" : "Cell",
                    usings: CellPrelude.Imports,
                    allowUnsafe: true),
                metadataReferences: references,
                projectReferences: previous is null ? [] : [new ProjectReference(previous)]))
            .AddDocument(document, "script.csx", SourceText.From(""));
    }

    private static DocumentId NewDocument(string name) => DocumentId.CreateNewId(ProjectId.CreateNewId(name));
}
