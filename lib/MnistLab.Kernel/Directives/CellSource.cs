using System.Text.RegularExpressions;

namespace MnistLab.Kernel.Directives;

/// <summary>
/// Represents a cell split into C#, parts that are only displayed, and directives that the compiler does not know. The
/// directives are those of .NET Interactive, so that a notebook runs with both kernels.
/// </summary>
/// <param name="Parts">The parts in order. No part is empty, except directives that need no text.</param>
/// <param name="Packages">The packages that the cell references.</param>
/// <param name="Feeds">The package feeds to use in addition to the configured NuGet feeds.</param>
/// <param name="IsTimed">Whether to display the execution time of the cell.</param>
internal sealed partial record CellSource(
    IReadOnlyList<CellPart> Parts,
    IReadOnlyList<PackageDirective> Packages,
    IReadOnlyList<FeedDirective> Feeds,
    bool IsTimed)
{
    /// <summary>Gets the directives that begin with <c>#!</c>, with their descriptions.</summary>
    public static IReadOnlyDictionary<string, string> Directives { get; } = new OrderedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["#!csharp"] = "Runs the text that follows as C#.",
        ["#!c#"] = "The same as #!csharp.",
        ["#!markdown"] = "Displays the text that follows as Markdown.",
        ["#!html"] = "Displays the text that follows as HTML.",
        ["#!javascript"] = "Runs the text that follows as JavaScript in the front end.",
        ["#!js"] = "The same as #!javascript.",
        ["#!mermaid"] = "Outputs the text that follows as a diagram, which front ends that support Mermaid render.",
        ["#!http"] = "Sends the HTTP requests that follow, as in .http files, and displays the responses.",
        ["#!time"] = "Displays the execution time of the cell.",
        ["#!who"] = "Displays the names of the variables.",
        ["#!whos"] = "Displays the variables with their types and values.",
        ["#!import"] = "Runs a script or the cells of another notebook: #!import file, or #!import @input:question.",
        ["#!value"] = "Stores the text that follows: #!value --name name.",
        ["#!set"] = "Sets a variable: #!set --name name --value text, or --value @value:name, or --value @input:question.",
        ["#!share"] = "Copies a stored value into a variable: #!share --from value name.",
        ["#!lsmagic"] = "Lists the directives.",
        ["#!about"] = "Displays the versions of .NET and the kernel.",
    };

    /// <summary>Splits a cell.</summary>
    /// <exception cref="CellDirectiveException">A directive lacks an argument, or its argument is invalid.</exception>
    public static CellSource Parse(string code)
    {
        var directives = DirectiveScanner.Find(code);
        var reading = new Reading(Blank(code, directives));
        foreach (var directive in directives.Where(directive => directive.IsActive)) reading.Follow(directive);
        return reading.End();
    }

    /// <summary>Splits a script that a cell loads.</summary>
    /// <exception cref="CellDirectiveException">
    /// A directive lacks an argument, or its argument is invalid; the message names the file.
    /// </exception>
    public static CellSource ParseFile(string code, string file)
    {
        try
        {
            var source = Parse(code);
            return source with { Feeds = [.. source.Feeds.Select(feed => feed with { File = file })] };
        }
        catch (CellDirectiveException error)
        {
            throw error.In(file);
        }
    }

    /// <summary>
    /// Returns the C# of a cell with everything else replaced by spaces, so that positions are those of the cell.
    /// Invalid directives are blanked, not reported.
    /// </summary>
    public static string CSharpOf(string code)
    {
        var directives = DirectiveScanner.Find(code);
        var text = Blank(code, directives);
        foreach (var (index, directive) in directives.Index().Where(item => item.Item.Language is not (null or CellLanguage.CSharp)))
        {
            var next = directives.Skip(index + 1).FirstOrDefault(other => other.Language is not null);
            Blank(text, directive.End, next?.Start ?? text.Length);
        }

        return new(text);
    }

    /// <summary>
    /// Returns whether this kernel handles the directive, or the directive names a language, with or without a kernel.
    /// </summary>
    public static bool IsKnown(CellDirective directive) => directive.Language is not null || Directives.ContainsKey(directive.Name);

    private static char[] Blank(string code, IReadOnlyList<CellDirective> directives)
    {
        var text = code.ToCharArray();
        // A shebang line is for the shell. The compiler accepts it in the first line only.
        if (code.StartsWith("#!/", StringComparison.Ordinal)) Blank(text, 0, code.IndexOf('\n') is var end and >= 0 ? end : code.Length);
        foreach (var directive in directives) Blank(text, directive.Start, directive.End);
        return text;
    }

    private static void Blank(char[] text, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (text[i] != '\n') text[i] = ' ';
        }
    }

    [GeneratedRegex("""^"nuget:\s*(?<name>[^,"\s]+)\s*(,\s*(?<version>[^"]*?)\s*)?"\s*;?\s*(//.*)?$""", RegexOptions.IgnoreCase)]
    private static partial Regex Package { get; }

    [GeneratedRegex("""^"nuget:\s*(?<feed>[^"]+?)\s*"\s*;?\s*(//.*)?$""", RegexOptions.IgnoreCase)]
    private static partial Regex Feed { get; }

    private sealed class Reading(char[] text)
    {
        private readonly List<CellPart> _parts = [];
        private readonly List<PackageDirective> _packages = [];
        private readonly List<FeedDirective> _feeds = [];
        private CellPartKind _kind = CellPartKind.CSharp;
        private string _arguments = "";
        private int _start;
        private int _line = 1;
        private bool _isTimed;

        public void Follow(CellDirective directive)
        {
            if (directive.Name is "#r" or "#R") AddPackage(directive);
            else if (directive.Name is "#i" or "#I") AddFeed(directive);
            else if (directive.Name == "#!time") _isTimed = true;
            else if (directive.Language is { } language) Begin(directive, KindOf(language));
            else
            {
                // The directive ends the text of a command, but only interrupts a part that is displayed.
                Begin(directive, _kind == CellPartKind.Command ? CellPartKind.CSharp : _kind);
                _arguments = "";
                _parts.Add(Standing(directive));
            }
        }

        public CellSource End()
        {
            EndPart(text.Length);
            return new(_parts, _packages, _feeds, _isTimed);
        }

        private static CellPartKind KindOf(string language) => language switch
        {
            CellLanguage.CSharp => CellPartKind.CSharp,
            CellLanguage.Markdown => CellPartKind.Markdown,
            CellLanguage.Html => CellPartKind.Html,
            CellLanguage.JavaScript => CellPartKind.JavaScript,
            CellLanguage.Mermaid => CellPartKind.Mermaid,
            // An extension may provide a kernel for any other language.
            _ => CellPartKind.Command,
        };

        private static CellPart Standing(CellDirective directive) => directive.Name switch
        {
            "#!who" => new(CellPartKind.Who, ""),
            "#!whos" => new(CellPartKind.Whos, ""),
            "#!lsmagic" => new(CellPartKind.Directives, ""),
            "#!about" => new(CellPartKind.About, ""),
            "#!import" when directive.Arguments is ['@', ..] =>
                new(CellPartKind.Import, directive.Arguments) { Line = directive.Line },
            "#!import" when directive.Arguments.Length > 0 =>
                new(CellPartKind.Import, directive.Arguments.Trim('"')) { Line = directive.Line },
            "#!import" => throw new CellDirectiveException(
                directive.Line, "#!import requires the name of a file. Example: #!import helpers.csx"),
            _ => new(CellPartKind.Command, LineOf(directive)) { Line = directive.Line },
        };

        private static string LineOf(CellDirective directive) => $"{directive.Name} {directive.Arguments}".TrimEnd();

        private void Begin(CellDirective directive, CellPartKind kind)
        {
            EndPart(directive.Start);
            (_kind, _start, _line) = (kind, directive.End, directive.Line);
            _arguments = kind == CellPartKind.Command ? LineOf(directive) : directive.Arguments;
        }

        private void EndPart(int end)
        {
            var part = new string(text, _start, end - _start);
            if (_kind != CellPartKind.CSharp) part = $"{_arguments}\n{part}".Trim();
            else part = string.IsNullOrWhiteSpace(part) ? "" : new string('\n', text.AsSpan(0, _start).Count('\n')) + part;
            if (part.Length > 0) _parts.Add(new(_kind, part) { Line = _line });
        }

        private void AddPackage(CellDirective directive)
        {
            if (Package.Match(directive.Arguments) is not { Success: true } package)
                throw new CellDirectiveException(
                    directive.Line,
                    $"{directive.Name} {directive.Arguments} does not name a package. Example: #r \"nuget: Humanizer, 2.14.1\".");
            var version = package.Groups["version"] is { Success: true, Length: > 0 } given ? given.Value : null;
            _packages.Add(new(directive.Line, package.Groups["name"].Value, version));
        }

        private void AddFeed(CellDirective directive)
        {
            if (Feed.Match(directive.Arguments) is not { Success: true } feed)
                throw new CellDirectiveException(
                    directive.Line,
                    $"{directive.Name} {directive.Arguments} does not name a feed. Example: #i \"nuget: packages\".");
            _feeds.Add(new(directive.Line, feed.Groups["feed"].Value));
        }
    }
}
