using Microsoft.CodeAnalysis.Text;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.ValueSharing;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Directives;
using MnistLab.Kernel.Display;
using MnistLab.Kernel.Editing;
using MnistLab.Kernel.Scripting;
using CodeLinePosition = Microsoft.CodeAnalysis.Text.LinePosition;
using InteractiveKernel = Microsoft.DotNet.Interactive.Kernel;
using LinePosition = Microsoft.DotNet.Interactive.LinePosition;
using LinePositionSpan = Microsoft.DotNet.Interactive.LinePositionSpan;

namespace MnistLab.Kernel.Interactive;

/// <summary>
/// Represents the session's C# as a kernel of .NET Interactive, to which extensions, magic commands, and code in cells
/// send their commands.
/// </summary>
internal sealed class ScriptKernel :
    InteractiveKernel,
    IKernelCommandHandler<SubmitCode>,
    IKernelCommandHandler<RequestCompletions>,
    IKernelCommandHandler<RequestHoverText>,
    IKernelCommandHandler<RequestSignatureHelp>,
    IKernelCommandHandler<RequestDiagnostics>,
    IKernelCommandHandler<RequestValueInfos>,
    IKernelCommandHandler<RequestValue>,
    IKernelCommandHandler<SendValue>,
    IKernelCommandHandler<RequestInput>
{
    /// <summary>The name by which commands address this kernel.</summary>
    public const string CSharp = "csharp";

    private readonly ScriptChain _chain;
    private readonly CellEditor _editor;
    private readonly Func<CellScope?> _current;

    private ScriptKernel(ScriptChain chain, CellEditor editor, Func<CellScope?> current)
        : base(CSharp)
    {
        (_chain, _editor, _current) = (chain, editor, current);
        KernelInfo.LanguageName = "C#";
        KernelInfo.LanguageVersion = CSharpDialect.VersionName;
        KernelInfo.DisplayName = $"{KernelInfo.LocalName} - C# Script";
        KernelInfo.Description = "Compiles and runs C# script.";
    }

    /// <summary>Creates the root kernel of a session, with this kernel as its default.</summary>
    /// <param name="chain">The chain that runs submitted code.</param>
    /// <param name="editor">The editor that completes and describes code.</param>
    /// <param name="current">Returns the running cell, or the last one that ran; null before the first.</param>
    public static CompositeKernel CreateRoot(ScriptChain chain, CellEditor editor, Func<CellScope?> current)
    {
        var root = new CompositeKernel();
        root.Add(new ScriptKernel(chain, editor, current).UseValueSharing(), ["c#", "C#"]);
        root.Add(new KeyValueStoreKernel().UseValueSharing());
        root.Add(new HttpKernel(name => chain.Variables.FirstOrDefault(variable => variable.Name == name)?.Value));
        root.DefaultKernelName = CSharp;
        root.RegisterForDisposal(root.KernelEvents.Subscribe(new KernelEventRouter(current)));
        return root;
    }

    async Task IKernelCommandHandler<SubmitCode>.HandleAsync(SubmitCode command, KernelInvocationContext context)
    {
        context.Publish(new CodeSubmissionReceived(command));
        var isComplete = CellCompleteness.Of(command.Code) != Completeness.Incomplete;
        context.Publish(isComplete ? new CompleteCodeSubmissionReceived(command) : new IncompleteCodeSubmissionReceived(command));
        var scope = CellScope.Current ?? _current() ?? CellScope.OfNoCell();
        var output = new PublishedOutput(context, command, PublishedOutput.Behind(scope.Sink));
        var result = await _chain.RunAsync(command.Code, scope.FileIn(""), scope.With(output, context.CancellationToken), _ => null);
        if (context.CancellationToken.IsCancellationRequested)
        {
            context.Fail(command, message: "Command cancelled.");
            return;
        }

        context.Publish(SubmissionDiagnostics.From(result, command));
        if (result.Error is { } error) context.Fail(command, result.Exception, string.Join('\n', error.Traceback));
        else if (result.HasValue)
            context.Publish(new ReturnValueProduced(result.Value, command, FormattedValue.CreateManyFromObject(result.Value)));
    }

    async Task IKernelCommandHandler<RequestCompletions>.HandleAsync(RequestCompletions command, KernelInvocationContext context)
    {
        var text = SourceText.From(command.Code);
        var found = await _editor.CompleteAsync(command.Code, Offset(text, command.LinePosition), context.CancellationToken);
        context.Publish(new CompletionsProduced(
            [.. found.Items.Select(item => new Microsoft.DotNet.Interactive.Events.CompletionItem(item.Text, item.Kind))],
            command,
            new LinePositionSpan(Position(text, found.Start), Position(text, found.End))));
    }

    async Task IKernelCommandHandler<RequestHoverText>.HandleAsync(RequestHoverText command, KernelInvocationContext context)
    {
        var text = SourceText.From(command.Code);
        if (await _editor.DescribeAsync(command.Code, Offset(text, command.LinePosition), context.CancellationToken) is { } description)
            context.Publish(new HoverTextProduced(
                command,
                [new(PlainTextFormatter.MimeType, description.Text), new("text/markdown", description.Markdown)]));
    }

    async Task IKernelCommandHandler<RequestSignatureHelp>.HandleAsync(RequestSignatureHelp command, KernelInvocationContext context)
    {
        var text = SourceText.From(command.Code);
        if (await _editor.SignaturesAsync(command.Code, Offset(text, command.LinePosition), context.CancellationToken) is not { } call)
            return;
        context.Publish(new SignatureHelpProduced(
            command, [.. call.Signatures.Select(Signature)], call.ActiveSignature, call.ActiveParameter));

        static SignatureInformation Signature(SignatureDescription described) => new(
            described.Label,
            new("text/markdown", described.Documentation),
            [.. described.Parameters.Select(parameter =>
                new ParameterInformation(parameter.Label, new("text/markdown", parameter.Documentation)))]);
    }

    async Task IKernelCommandHandler<RequestDiagnostics>.HandleAsync(RequestDiagnostics command, KernelInvocationContext context)
    {
        var found = await _editor.DiagnoseAsync(command.Code, context.CancellationToken);
        if (found.Count == 0) return;
        context.Publish(new DiagnosticsProduced(
            [.. found.Select(Diagnostic.FromCodeAnalysisDiagnostic)],
            [.. found.Select(diagnostic => new FormattedValue(PlainTextFormatter.MimeType, diagnostic.ToString()))],
            command));
    }

    Task IKernelCommandHandler<RequestValueInfos>.HandleAsync(RequestValueInfos command, KernelInvocationContext context)
    {
        context.Publish(new ValueInfosProduced(
            [.. _chain.Variables.Select(Describe)],
            command));
        return Task.CompletedTask;

        KernelValueInfo Describe(CellVariable variable)
        {
            var text = DisplayFault.TextOrFault(() => variable.Value.ToDisplayString(command.MimeType));
            return new(variable.Name, new FormattedValue(command.MimeType, text ?? ""), variable.Type);
        }
    }

    Task IKernelCommandHandler<RequestValue>.HandleAsync(RequestValue command, KernelInvocationContext context)
    {
        if (_chain.Variables.FirstOrDefault(variable => variable.Name == command.Name) is { } found)
            context.Publish(new ValueProduced(
                found.Value,
                command.Name,
                new(command.MimeType, found.Value.ToDisplayString(command.MimeType)),
                command));
        else
            context.Fail(command, message: $"The kernel '{Name}' has no variable '{command.Name}'. Run '#!whos' for a list.");
        return Task.CompletedTask;
    }

    Task IKernelCommandHandler<SendValue>.HandleAsync(SendValue command, KernelInvocationContext context) =>
        SetValueAsync(command, context, (name, value, type) => _chain.SetVariableAsync(name, value, type, context.CancellationToken));

    async Task IKernelCommandHandler<RequestInput>.HandleAsync(RequestInput command, KernelInvocationContext context)
    {
        if ((CellScope.Current ?? _current()) is { Input: { } input } scope)
            context.Publish(new InputProduced(
                await input.ReadLineAsync(command.Prompt, command.IsPassword, scope.CancellationToken), command));
        else
            context.Fail(command, message: ConsoleCapture.NobodyAnswers(command.Prompt).Message);
    }

    private static int Offset(SourceText text, LinePosition position) =>
        text.Lines.GetPosition(new CodeLinePosition(position.Line, position.Character));

    private static LinePosition Position(SourceText text, int offset)
    {
        var position = text.Lines.GetLinePosition(offset);
        return new(position.Line, position.Character);
    }
}
