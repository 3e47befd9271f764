using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Tags;
using Microsoft.CodeAnalysis.Text;

namespace MnistLab.Kernel;

/// <summary>
/// Completes and describes code of a cell that is being written, with all that the cells before it defined. Costs nothing before it is first asked.
/// </summary>
internal sealed class CellEditor : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private readonly List<(string Code, IReadOnlyList<PortableExecutableReference> References)> _pending = [];
    private readonly Lazy<AdhocWorkspace> _workspace = new(() => new(MefHostServices.DefaultHost));
    private readonly List<MetadataReference> _references = [];
    private Solution? _solution;
    private ProjectId? _last;
    private int _number;

    /// <summary>Takes note of a cell that has run.</summary>
    /// <param name="code">Its C#.</param>
    /// <param name="references">What it referred to, and no cell before it.</param>
    public void Add(string code, IReadOnlyList<PortableExecutableReference> references)
    {
        lock (_lock) _pending.Add((code, references));
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
        // A name, also at its end, which is where one stops to ask; else the call whose arguments are being written.
        var name = IsOfName(code, position) ? position : position - 1;
        var info = IsOfName(code, name) ? await QuickInfoService.GetService(document)!.GetQuickInfoAsync(document, name, cancellationToken) : null;
        return info is null ? await Signatures.DescribeAsync(document, position, cancellationToken) : Describe(info);
    }

    /// <summary>The call whose arguments are being written at a position; null if there is none.</summary>
    public async Task<CallDescription?> SignaturesAsync(string code, int position, CancellationToken cancellationToken) =>
        await Signatures.CallAsync(await OpenAsync(CellSource.CSharpOf(code), cancellationToken), position, cancellationToken);

    /// <summary>The errors and warnings of a cell as it stands.</summary>
    public async Task<IReadOnlyList<Diagnostic>> DiagnoseAsync(string code, CancellationToken cancellationToken)
    {
        var document = await OpenAsync(CellSource.CSharpOf(code), cancellationToken);
        var model = (await document.GetSemanticModelAsync(cancellationToken))!;
        return [.. model.GetDiagnostics(cancellationToken: cancellationToken).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)];
    }

    public void Dispose()
    {
        if (_workspace.IsValueCreated) _workspace.Value.Dispose();
        _turn.Dispose();
    }

    // Snippets are for editors that know how to unfold them, and a name with its namespace beside it needs a using that is not there.
    private static bool IsText(Microsoft.CodeAnalysis.Completion.CompletionItem item) => !item.Tags.Contains(WellKnownTags.Snippet) && string.IsNullOrEmpty(item.InlineDescription);

    private static bool IsOfName(string code, int position) => position >= 0 && position < code.Length && SyntaxFacts.IsIdentifierPartCharacter(code[position]);

    private static CellDescription Describe(QuickInfoItem info)
    {
        var text = string.Join("\n\n", info.Sections.Select(section => section.Text));
        var markdown = string.Join("\n\n", info.Sections.Select(section => section.Kind == QuickInfoSectionKinds.Description ? $"```csharp\n{section.Text}\n```" : section.Text));
        return new(text, markdown);
    }

    // The cell as the last of a chain of submissions.
    private async Task<Document> OpenAsync(string code, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await CatchUpAsync(cancellationToken);
            var (solution, _, document) = With(_solution!, code, _last);
            return solution.GetDocument(document)!;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        (string Code, IReadOnlyList<PortableExecutableReference> References)[] pending;
        lock (_lock)
        {
            pending = [.. _pending];
            _pending.Clear();
        }

        if (_solution is null)
        {
            _solution = _workspace.Value.CurrentSolution;
            _references.AddRange(PlatformAssemblies.References.Values.Select(Documented));
        }

        if (pending.Length == 0) return;
        foreach (var (code, references) in pending)
        {
            _references.AddRange(references.Select(Documented));
            (_solution, _last, _) = With(_solution, code, _last);
        }

        // Compiled here, in the solution that stays, and not again in each of those that are made from it.
        await _solution.GetProject(_last!)!.GetCompilationAsync(cancellationToken);
    }

    private (Solution Solution, ProjectId Project, DocumentId Document) With(Solution solution, string code, ProjectId? previous)
    {
        var project = ProjectId.CreateNewId();
        var document = DocumentId.CreateNewId(project);
        var name = $"cell{++_number}";
        solution = solution
            .AddProject(ProjectInfo.Create(
                project,
                VersionStamp.Default,
                name,
                name,
                LanguageNames.CSharp,
                isSubmission: true,
                parseOptions: ScriptChain.Dialect,
                compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, scriptClassName: name, usings: ScriptChain.Imports, allowUnsafe: true),
                metadataReferences: _references,
                projectReferences: previous is null ? [] : [new ProjectReference(previous)]))
            .AddDocument(document, name + ".csx", SourceText.From(code));
        return (solution, project, document);
    }

    private static PortableExecutableReference Documented(PortableExecutableReference reference) =>
        reference.FilePath is { } file && PlatformDocumentation.Of(file) is { } documentation
            ? ((AssemblyMetadata)reference.GetMetadata()).GetReference(documentation, filePath: file)
            : reference;
}
