using System.Text.RegularExpressions;

namespace MnistLab.Kernel.Packages;

/// <summary>
/// The exception that is thrown when packages cannot be used. The message contains the packages, the reason, and the
/// next step.
/// </summary>
internal sealed partial class PackageException(string problem) : Exception(problem)
{
    /// <summary>Gets the feeds that NuGet cannot read, according to its message.</summary>
    public IReadOnlyList<string> UnreadableFeeds =>
        [.. Unreadable.Matches(Message).Select(match => match.Groups["feed"].Value.TrimEnd('.', ':', '\''))];

    // NU1301: Unable to load the service index for source https://…. | NU1301: The local source '/…' doesn't exist.
    // NU1302: You are running the 'restore' operation with an 'HTTP' source: http://….
    [GeneratedRegex(@"NU130[12]:.*?\bsource:? '?(?<feed>[a-z]+:/[^\s']+|/[^\s']+|[a-z]:\\[^\s']+)", RegexOptions.IgnoreCase)]
    private static partial Regex Unreadable { get; }
}
