using System.Net;
using System.Text;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Notebooks.Display;
using MnistLab.Training;

namespace MnistLab.Notebooks.Board;

/// <summary>Draws a <see cref="RunBoard"/> as HTML without scripts, for light and dark pages of any width.</summary>
internal static class RunBoardView
{
    private const int MaxThumbnails = 12;

    private static readonly Lazy<string> Style = new(() => EmbeddedFile.Read("board.css"));

    // Each is readable on white and on black.
    private static readonly string[] Colors =
        ["#3b82d6", "#d9622b", "#2f9e5b", "#b14fc5", "#b8860b", "#1f9c9c", "#d6457b", "#7d8590"];

    public static string ToHtml(RunBoard board)
    {
        var runs = board.Runs;
        if (runs.Count == 0)
            return "<p>The board has no runs yet. Add one: <code>await board.TryAsync(model: \"softmax\");</code></p>";

        var newest = runs[^1];
        var html = new StringBuilder($"<style>{Style.Value}</style><div class=\"mnistlab-board\">");
        if (newest.Outcome == BoardOutcome.Running) html.Append(Progress(newest));
        html.Append(Verdict(board)).Append(Table(board)).Append("<div class=\"charts\">");
        foreach (var metric in new[] { "accuracy", "loss" }) html.Append(RunCurves.Draw(runs, metric, ColorOf));
        html.Append("</div>");
        if (newest.Evaluation is not null) html.Append(Changes(newest, Before(runs, newest)));
        return html.Append(Explanation(board)).Append("</div>").ToString();
    }

    private static string ColorOf(BoardRun run) => Colors[(run.Number - 1) % Colors.Length];

    private static string Progress(BoardRun run)
    {
        var (done, all) = (run.Steps, run.Settings.MaxNumberOfSteps);
        var left = done > 0 ? Html($", about {run.Duration.TotalSeconds * (all - done) / done:F0} s left") : "";
        return Html($"""
            <progress max="{all}" value="{done}" aria-label="steps done"></progress>
            <p>Run {run.Number} ({Text(run.Name)}) is training: step {done:N0} of {all:N0}{left}</p>
            """);
    }

    /// <summary>Names a winner only if it is clearly better than every other run.</summary>
    private static string Verdict(RunBoard board)
    {
        var completed = board.Ranking.Where(run => run.Evaluation is not null).ToList();
        var leaders = board.Leaders;
        var text = completed.Count switch
        {
            0 => "No run has completed yet.",
            1 => $"Run {completed[0].Number} is the only completed run. Change a setting and run the cell again.",
            _ when leaders.Count == 1 =>
                $"Run {leaders[0].Number} ({leaders[0].Name}) is clearly better than every other run.",
            _ => $"No winner: the differences between runs {List(leaders)} are within the noise.",
        };
        return Html($"""<p class="verdict" role="status">{Text(text)}</p>""");
    }

    private static string List(IReadOnlyList<BoardRun> runs)
    {
        var numbers = runs.Select(run => run.Number).Order().Select(number => Html($"{number}")).ToList();
        return numbers.Count == 2 ? string.Join(" and ", numbers) : $"{string.Join(", ", numbers[..^1])}, and {numbers[^1]}";
    }

    private static string Table(RunBoard board)
    {
        var (runs, ranking) = (board.Runs, board.Ranking);
        var html = new StringBuilder("""
            <table><thead><tr><th scope="col">#</th><th scope="col" class="run">run</th><th scope="col">accuracy</th>
            <th scope="col">vs. previous</th><th scope="col">vs. best</th><th scope="col">time</th></tr></thead><tbody>
            """);
        foreach (var (rank, run) in ranking.Index())
        {
            html.Append(Html($"""
                <tr{(run == runs[^1] ? " class=\"new\"" : "")}><td>{(run.Evaluation is null ? "–" : Html($"{rank + 1}"))}</td>
                <th scope="row" class="run" title="{Text(run.Settings.ToString())}"><span class="key" style="background:{ColorOf(run)}"></span>
                Run {run.Number}<small>{Text(run.Name)}</small>{ReasonOf(run)}</th>
                <td class="first" data-label="accuracy">{AccuracyOf(run)}</td>
                <td data-label="vs. previous">{Change(Before(runs, run), run)}</td>
                <td class="first" data-label="vs. best">{(run == ranking[0] ? "–" : Change(ranking[0], run))}</td>
                <td data-label="time">{run.Duration.TotalSeconds:F1} s</td></tr>
                """));
        }

        return html.Append("</tbody></table>").ToString();
    }

    private static string AccuracyOf(BoardRun run) => run.Outcome switch
    {
        BoardOutcome.Completed => Html($"{run.Accuracy * 100:F1} ± {run.StandardError * 100:F1}%"),
        BoardOutcome.Running => "training …",
        BoardOutcome.Diverged => "diverged",
        BoardOutcome.Interrupted => Html($"interrupted at step {run.Steps:N0}"),
        _ => "failed",
    };

    private static string ReasonOf(BoardRun run)
    {
        var reason = run.Error switch
        {
            null or OperationCanceledException => "",
            DivergedException diverged => Html(
                $"The loss became NaN or infinite at step {diverged.Step}; the learning rate was {diverged.LearningRate:G4}."),
            var error => error.Message,
        };
        return reason.Length == 0 ? "" : $"<small class=\"down\">{Text(reason)}</small>";
    }

    // Runs that did not complete have no predictions to compare with.
    private static BoardRun? Before(IReadOnlyList<BoardRun> runs, BoardRun run) =>
        runs.LastOrDefault(other => other.Number < run.Number && other.Evaluation is not null);

    private static string Change(BoardRun? old, BoardRun run)
    {
        if (old?.Evaluation is null || run.Evaluation is null) return "–";
        var comparison = RunComparison.Between(old.Evaluation, run.Evaluation);
        var number = Html($"{comparison.Difference * 100:+0.0;−0.0;0.0} ± {comparison.StandardError * 100:F1}");
        if (!comparison.IsClear) return $"<span class=\"noise\">{number}<small>within the noise</small></span>";
        var (direction, arrow) = comparison.Difference > 0 ? ("up", "▲") : ("down", "▼");
        return $"<span class=\"{direction}\">{arrow} {number}</span>";
    }

    private static string Changes(BoardRun run, BoardRun? old)
    {
        var now = run.Evaluation!;
        if (old?.Evaluation is not { } before)
        {
            return Thumbnails(
                "Wrong", "the most confident first", now.Mistakes, now.Set, i => $"{now.Set.Label(i)} → {now.Predictions.Span[i]}");
        }

        var comparison = RunComparison.Between(before, now);
        var since = Html($"compared with run {old.Number}");
        string Caption(int i) => $"{before.Predictions.Span[i]} → {now.Predictions.Span[i]}";
        return Thumbnails("Newly right", since, comparison.NewlyRight, now.Set, i => $"{Caption(i)} ✓")
            + Thumbnails("Newly wrong", since, comparison.NewlyWrong, now.Set, i => $"{Caption(i)} ✗");
    }

    private static string Thumbnails(
        string what, string remark, IReadOnlyList<int> indices, DigitSet set, Func<int, string> caption)
    {
        var some = indices.Count > MaxThumbnails ? Html($"; {MaxThumbnails} of them") : "";
        var html = new StringBuilder(Html($"<p><b>{what}: {indices.Count:N0}</b> {remark}{some}</p><div class=\"digits\">"));
        foreach (var i in indices.Take(MaxThumbnails))
        {
            var png = Convert.ToBase64String(DigitImage.FromPixels(set.Image(i)).ToPng());
            html.Append(Html($"""
                <figure><img width="46" height="46" alt="a handwritten {set.Label(i)}" src="data:image/png;base64,{png}">
                <figcaption>{caption(i)}</figcaption></figure>
                """));
        }

        return html.Append("</div>").ToString();
    }

    private static string Explanation(RunBoard board) => Html($"""
        <details><summary>How to read the table</summary><p>Accuracy is that on the {board.ValidationCount:N0} validation images,
        ± its standard error. Changes are in percentage points. A change counts as clear (▲ or ▼) if the images on which the two
        runs disagree would split so unevenly by chance less than once in 20 times (sign test). The seed changes a result, too:
        before you trust a small gain, repeat both runs with <code>seed: 1</code>.</p></details>
        """);

    private static string Html(FormattableString text) => FormattableString.Invariant(text);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
