using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using MnistLab.Hosting;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Directives;
using InteractiveKernel = Microsoft.DotNet.Interactive.Kernel;

namespace MnistLab.Kernel.Sessions;

/// <summary>
/// Handles the directives of a session that its kernels and extensions provide, such as <c>#!set</c>: all that
/// <see cref="CellSource"/> does not handle itself.
/// </summary>
/// <param name="root">The kernel that contains the other kernels and runs the directives.</param>
internal sealed partial class RegisteredDirectives(CompositeKernel root)
{
    /// <summary>Gets the names of the directives with their descriptions.</summary>
    public IReadOnlyDictionary<string, string> Descriptions
    {
        get
        {
            var found = new OrderedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var directive in Kernels.SelectMany(kernel => kernel.KernelInfo.SupportedDirectives))
                found.TryAdd(directive.Name, directive.Description ?? "");
            foreach (var kernel in Kernels) found.TryAdd($"#!{kernel.Name}", kernel.KernelInfo.DisplayName);
            foreach (var own in CellSource.Directives.Keys) found.Remove(own);
            found.Remove($"#!{root.Name}");
            return found;
        }
    }

    private IEnumerable<InteractiveKernel> Kernels => root.ChildKernels.Prepend(root);

    /// <summary>
    /// Checks that each directive has a handler, and appends the text that follows to a directive that selects a
    /// kernel.
    /// </summary>
    /// <exception cref="CellDirectiveException">A directive is unknown.</exception>
    public IReadOnlyList<CellPart> Resolve(IReadOnlyList<CellPart> parts)
    {
        var resolved = new List<CellPart>();
        foreach (var part in parts)
        {
            if (part.Kind == CellPartKind.Command && !IsHandled(part.Name)) throw Unknown(part);
            // The parser cannot know that a directive of an extension selects a kernel.
            if (part.Kind == CellPartKind.CSharp
                && resolved.LastOrDefault() is { Kind: CellPartKind.Command } last
                && IsSelector(last.Name)
                && !last.Text.Contains('\n', StringComparison.Ordinal))
                resolved[^1] = last with { Text = $"{last.Text}\n{part.Text.TrimStart('\n')}" };
            else
                resolved.Add(part);
        }

        return resolved;
    }

    /// <summary>Runs a directive. Its displays are outputs of the cell.</summary>
    /// <exception cref="CellDirectiveException">The directive failed.</exception>
    public async Task RunAsync(CellPart part, CancellationToken cancellationToken)
    {
        // Microsoft.DotNet.Interactive would not report that input is not available.
        if (InputParameter.Find(part.Text.Split('\n')[0]) is { } question && CellScope.Current?.Input is null)
            throw new CellDirectiveException(part.Line, $"{part.Name}: {ConsoleCapture.NobodyAnswers(question.Prompt).Message}");
        // Nor would it report a missing value: it would silently set nothing.
        foreach (var (kernel, name) in SharedValue.NamedBy(part)) await CheckExistsAsync(part, kernel, name, cancellationToken);
        var result = await root.SendAsync(new SubmitCode(part.Text), cancellationToken).WaitAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (result.Events.OfType<CommandFailed>().LastOrDefault() is { } failed)
            throw new CellDirectiveException(part.Line, $"{part.Name}: {Place.Replace(failed.Message, "")}");
    }

    private async Task CheckExistsAsync(CellPart part, string kernelName, string name, CancellationToken cancellationToken)
    {
        var kernel = Kernels.FirstOrDefault(kernel => kernel.KernelInfo.Aliases.Append(kernel.Name).Contains(kernelName))
            ?? throw Missing(part, $"There is no kernel '{kernelName}' here.", kernelName, root.ChildKernels.Select(kernel => kernel.Name));
        var result = await kernel.SendAsync(new RequestValueInfos(kernel.Name), cancellationToken).WaitAsync(cancellationToken);
        // If the kernel cannot list its values, the directive itself requests the value.
        if (result.Events.OfType<ValueInfosProduced>().LastOrDefault() is not { } found) return;
        string[] names = [.. found.ValueInfos.Select(value => value.Name)];
        if (!names.Contains(name)) throw Missing(part, $"The kernel '{kernelName}' has no value '{name}'.", name, names);
    }

    private static CellDirectiveException Missing(CellPart part, string problem, string mistyped, IEnumerable<string> names)
    {
        string[] known = [.. names];
        var hint = NearestName.Find(mistyped, known) is { } nearest ? $"Did you mean '{nearest}'?"
            : known.Length == 0 ? "It has no values yet." : $"Available: {string.Join(", ", known)}.";
        return new(part.Line, $"{part.Name}: {problem} {hint}");
    }

    private bool IsHandled(string name) =>
        IsSelector(name) || Kernels.Any(kernel => kernel.KernelInfo.SupportedDirectives.Any(directive => directive.Name == name));

    private bool IsSelector(string name) =>
        root.ChildKernels.Any(kernel => kernel.KernelInfo.Aliases.Append(kernel.Name).Any(own => $"#!{own}" == name));

    private CellDirectiveException Unknown(CellPart part)
    {
        if (CellLanguage.Find(part.Name[2..]) is { } language)
            return new(
                part.Line,
                $"{part.Name}: there is no kernel for {language} here. Cells can be in C#, HTML, HTTP, JavaScript, Markdown, and Mermaid.");
        var nearest = NearestName.Find(part.Name, [.. CellSource.Directives.Keys, .. Descriptions.Keys]);
        var hint = nearest is null ? "" : $" Did you mean {nearest}?";
        return new(part.Line, $"There is no directive {part.Name} here.{hint} Run #!lsmagic for a list of all directives.");
    }

    [GeneratedRegex(@"^\(\d+,\d+\): error ", RegexOptions.Multiline)]
    private static partial Regex Place { get; }
}
