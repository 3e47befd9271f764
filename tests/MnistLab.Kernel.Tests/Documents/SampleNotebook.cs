namespace MnistLab.Kernel.Tests;

/// <summary>Provides a notebook with one cell of every kind, and with members that only its author knows.</summary>
internal static class SampleNotebook
{
    public const string Json = """
        {
         "cells": [
          {
           "cell_type": "markdown",
           "id": "first",
           "metadata": { "tags": ["intro"], "author": { "name": "Ada → 😀" } },
           "attachments": { "a.png": { "image/png": "iVBORw0KGgo=" } },
           "source": ["# Title\n", "\n", "Text with ümlauts."]
          },
          {
           "cell_type": "code",
           "execution_count": 7,
           "id": "second",
           "metadata": { "execution": { "iopub.execute_input": "2026-01-02T03:04:05.250000Z", "shell.execute_reply": "2026-01-02T03:04:06.750000Z" } },
           "outputs": [
            { "output_type": "stream", "name": "stdout", "text": ["one\n", "two"] },
            { "output_type": "stream", "name": "stderr", "text": "careful\n" },
            { "output_type": "display_data", "data": { "text/html": ["<b>\n", "bold</b>"], "application/json": { "a": [1, 2.50, null] } }, "metadata": { "image/png": { "width": 3 } } },
            { "output_type": "execute_result", "execution_count": 7, "data": { "text/plain": ["42"] }, "metadata": {} },
            { "output_type": "error", "ename": "Oops", "evalue": "it broke", "traceback": ["at A", "at B"] }
           ],
           "source": "var x = 42;\nx"
          },
          { "cell_type": "raw", "id": "third", "metadata": {}, "source": [] }
         ],
         "metadata": { "kernelspec": { "display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp" }, "ours": 12345678901234567890 },
         "nbformat": 4,
         "nbformat_minor": 5,
         "unknown": true
        }
        """;

    /// <summary>Returns a notebook of nbformat 4.5 with these cells, each given as JSON.</summary>
    public static string WithCells(params string[] cells) =>
        $$"""{ "cells": [{{string.Join(", ", cells)}}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5 }""";
}
