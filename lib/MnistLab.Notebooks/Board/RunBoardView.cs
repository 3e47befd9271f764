using System.Net;
using System.Text;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Notebooks.Display;
using MnistLab.Notebooks.Texts;
using MnistLab.Training;

namespace MnistLab.Notebooks.Board;

/// <summary>Draws a <see cref="RunBoard"/> as HTML without scripts, for light and dark pages of any width.</summary>
internal static class RunBoardView
{
    private const int MaxThumbnails = 12;

    private static readonly Lazy<string> Style = new(() => EmbeddedFile.Read("board.css"));

    // Each color is readable on white and on black.
    private static readonly string[] Colors =
        ["#3b82d6", "#d9622b", "#2f9e5b", "#b14fc5", "#b8860b", "#1f9c9c", "#d6457b", "#7d8590"];

    public static string ToHtml(RunBoard board)
    {
        var runs = board.Runs;
        if (runs.Count == 0)
            return $"<p>{BoardTexts.Empty} <code>await board.TryAsync(model: \"softmax\");</code></p>";

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
        var left = done > 0 ? BoardTexts.Left.With(run.Duration.TotalSeconds * (all - done) / done) : "";
        return Html($"""
            <progress max="{all}" value="{done}" aria-label="{BoardTexts.StepsDone}"></progress>
            <p>{Text(BoardTexts.Training.With(run.Number, run.Name, done, all))}{left}</p>
            """);
    }

    /// <summary>Names a winner only if it is clearly better than every other run.</summary>
    private static string Verdict(RunBoard board)
    {
        var completed = board.Ranking.Where(run => run.Evaluation is not null).ToList();
        var leaders = board.Leaders;
        string text = completed.Count switch
        {
            0 => BoardTexts.NoneCompleted,
            1 => BoardTexts.OnlyOne.With(completed[0].Number),
            _ when leaders.Count == 1 => BoardTexts.Winner.With(leaders[0].Number, leaders[0].Name),
            _ => BoardTexts.NoWinner.With(List(leaders)),
        };
        return Html($"""<p class="verdict" role="status">{Text(text)}</p>""");
    }

    private static string List(IReadOnlyList<BoardRun> runs)
    {
        var numbers = runs.Select(run => run.Number).Order().Select(number => Html($"{number}")).ToList();
        return numbers.Count == 2
            ? BoardTexts.Two.With(numbers[0], numbers[1])
            : BoardTexts.Several.With(string.Join(BoardTexts.Comma, numbers[..^1]), numbers[^1]);
    }

    private static string Table(RunBoard board)
    {
        var (runs, ranking) = (board.Runs, board.Ranking);
        var html = new StringBuilder($"""
            <table><thead><tr><th scope="col">#</th><th scope="col" class="run">{BoardTexts.Run}</th>
            <th scope="col">{BoardTexts.Accuracy}</th><th scope="col">{BoardTexts.VsPrevious}</th>
            <th scope="col">{BoardTexts.VsBest}</th><th scope="col">{BoardTexts.Time}</th></tr></thead><tbody>
            """);
        foreach (var (rank, run) in ranking.Index())
        {
            html.Append(Html($"""
                <tr{(run == runs[^1] ? " class=\"new\"" : "")}><td>{(run.Evaluation is null ? "–" : Html($"{rank + 1}"))}</td>
                <th scope="row" class="run" title="{Text(run.Settings.ToString())}"><span class="key" style="background:{ColorOf(run)}"></span>
                {BoardTexts.RunNumber.With(run.Number)}<small>{Text(run.Name)}</small>{ReasonOf(run)}</th>
                <td class="first" data-label="{BoardTexts.Accuracy}">{AccuracyOf(run)}</td>
                <td data-label="{BoardTexts.VsPrevious}">{Change(Before(runs, run), run)}</td>
                <td class="first" data-label="{BoardTexts.VsBest}">{(run == ranking[0] ? "–" : Change(ranking[0], run))}</td>
                <td data-label="{BoardTexts.Time}">{BoardTexts.Seconds.With(run.Duration.TotalSeconds)}</td></tr>
                """));
        }

        return html.Append("</tbody></table>").ToString();
    }

    private static string AccuracyOf(BoardRun run) => run.Outcome switch
    {
        BoardOutcome.Completed => Html($"{run.Accuracy * 100:F1} ± {run.StandardError * 100:F1}%"),
        BoardOutcome.Running => BoardTexts.IsTraining,
        BoardOutcome.Diverged => BoardTexts.Diverged,
        BoardOutcome.Interrupted => BoardTexts.Interrupted.With(run.Steps),
        _ => BoardTexts.Failed,
    };

    private static string ReasonOf(BoardRun run)
    {
        var reason = run.Error switch
        {
            null or OperationCanceledException => "",
            DivergedException diverged => BoardTexts.DivergedAt.With(diverged.Step, diverged.LearningRate),
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
        if (!comparison.IsClear) return $"<span class=\"noise\">{number}<small>{BoardTexts.Noise}</small></span>";
        var (direction, arrow) = comparison.Difference > 0 ? ("up", "▲") : ("down", "▼");
        return $"<span class=\"{direction}\">{arrow} {number}</span>";
    }

    private static string Changes(BoardRun run, BoardRun? old)
    {
        var now = run.Evaluation!;
        if (old?.Evaluation is not { } before)
        {
            return Thumbnails(
                BoardTexts.Wrong,
                BoardTexts.MostConfident,
                now.Mistakes,
                now.Set,
                i => $"{now.Set.LabelName(i)} → {now.PredictedName(i)}");
        }

        var comparison = RunComparison.Between(before, now);
        var since = BoardTexts.ComparedWith.With(old.Number);
        string Caption(int i) => $"{before.PredictedName(i)} → {now.PredictedName(i)}";
        return Thumbnails(BoardTexts.NewlyRight, since, comparison.NewlyRight, now.Set, i => $"{Caption(i)} ✓")
            + Thumbnails(BoardTexts.NewlyWrong, since, comparison.NewlyWrong, now.Set, i => $"{Caption(i)} ✗");
    }

    private static string Thumbnails(
        string what, string remark, IReadOnlyList<int> indices, ImageDataset set, Func<int, string> caption)
    {
        var some = indices.Count > MaxThumbnails ? BoardTexts.Some.With(MaxThumbnails) : "";
        var html = new StringBuilder(
            Html($"<p><b>{BoardTexts.Count.With(what, indices.Count)}</b> {remark}{some}</p><div class=\"digits\">"));
        foreach (var i in indices.Take(MaxThumbnails))
        {
            var png = Convert.ToBase64String(DigitImage.FromPixels(set.Image(i)).ToPng());
            html.Append(Html($"""
                <figure><img width="46" height="46" alt="{BoardTexts.Handwritten.With(set.LabelName(i))}" src="data:image/png;base64,{png}">
                <figcaption>{caption(i)}</figcaption></figure>
                """));
        }

        return html.Append("</div>").ToString();
    }

    private static string Explanation(RunBoard board) => Html($"""
        <details><summary>{BoardTexts.HowToRead}</summary>
        <p>{BoardTexts.Explanation.With(board.ValidationCount)} <code>seed: 1</code>.</p></details>
        """);

    private static string Html(FormattableString text) => FormattableString.Invariant(text);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
