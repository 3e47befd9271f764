using Microsoft.AspNetCore.Html;

// The namespaces in this folder are those of .NET Interactive, whose notebooks run here unchanged.
namespace Microsoft.DotNet.Interactive;

/// <summary>What every cell can call without naming a type; the part of .NET Interactive's class of this name that notebooks use.</summary>
public static class Kernel
{
#pragma warning disable IDE1006 // The name is .NET Interactive's.
    /// <summary>Shows a value, in the forms that its type prefers or in those that are asked for.</summary>
    public static DisplayedValue display(object? value, params string[] mimeTypes) => KernelInvocationContext.Current.Display(value, mimeTypes);
#pragma warning restore IDE1006

    /// <summary>Text that is HTML: shown as such when it is displayed or is a cell's result.</summary>
    public static IHtmlContent HTML(string content) => new HtmlString(content);

    /// <summary>Runs JavaScript where the notebook is shown.</summary>
    public static DisplayedValue Javascript(string scriptContent) =>
        KernelInvocationContext.Current.DisplayAs($"<script type=\"text/javascript\">{scriptContent}</script>", "text/html");

    /// <summary>Removes what the cell has shown so far.</summary>
    public static void ClearOutput(bool wait = false) => KernelInvocationContext.Current.Sink.ClearOutput(wait);

    /// <summary>Asks the person at the notebook for a line of text.</summary>
    /// <exception cref="InvalidOperationException">The notebook runs where nobody can be asked.</exception>
    public static Task<string> GetInputAsync(string prompt = "", bool isPassword = false) => AskAsync(prompt, isPassword);

    /// <summary>Asks the person at the notebook for something that must not be seen on the screen.</summary>
    /// <exception cref="InvalidOperationException">The notebook runs where nobody can be asked.</exception>
    public static async Task<PasswordString> GetPasswordAsync(string prompt = "") => new(await AskAsync(prompt, true));

    private static Task<string> AskAsync(string prompt, bool isPassword)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var cell = KernelInvocationContext.Current;
        return cell.Input is { } input
            ? input.ReadLineAsync(prompt, isPassword, cell.CancellationToken)
            : throw new InvalidOperationException($"The cell asks for input{(prompt.Length > 0 ? $" (\"{prompt}\")" : "")}, and nobody can answer here: open the notebook in Jupyter and run it there.");
    }
}
