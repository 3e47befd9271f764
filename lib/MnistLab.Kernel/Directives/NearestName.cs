namespace MnistLab.Kernel;

/// <summary>Finds the name that a mistyped name was probably meant to be.</summary>
internal static class NearestName
{
    /// <summary>
    /// Returns the name with the smallest edit distance (Levenshtein, ignoring case), which must be at most a third of
    /// the length of that name; null if there is none.
    /// </summary>
    public static string? Find(string mistyped, IEnumerable<string> names) => names
        .Select(name => (Name: name, Distance: Distance(mistyped, name)))
        .Where(candidate => candidate.Distance <= candidate.Name.Length / 3)
        .OrderBy(candidate => candidate.Distance)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    private static int Distance(string from, string to)
    {
        int[] previous = [.. Enumerable.Range(0, to.Length + 1)];
        for (var i = 1; i <= from.Length; i++)
        {
            var current = new int[to.Length + 1];
            current[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = previous[j - 1] + (char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]) ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
