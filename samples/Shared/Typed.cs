using Spectre.Console;

namespace MLNet.Transformers.Samples;

/// <summary>What a sample predicts at its end.</summary>
public static class Typed
{
    /// <summary>What is passed on the command line; else what is typed or piped; else the examples.</summary>
    /// <param name="given">From the command line.</param>
    /// <param name="what">"a message".</param>
    /// <param name="examples">Taken where nothing is typed.</param>
    public static IEnumerable<string> Or(IReadOnlyList<string> given, string what, params IReadOnlyList<string> examples)
    {
        if (given.Count > 0)
        {
            return given;
        }
        if (!Console.IsInputRedirected)
        {
            AnsiConsole.MarkupLineInterpolated($"Type {what}; an empty line ends. An empty first line shows examples.");
        }
        return OrExamples(Lines(), examples);
    }

    private static IEnumerable<string> OrExamples(IEnumerable<string> lines, IReadOnlyList<string> examples)
    {
        bool any = false;
        foreach (string line in lines)
        {
            any = true;
            yield return line;
        }
        foreach (string example in any ? [] : examples)
        {
            yield return example;
        }
    }

    private static IEnumerable<string> Lines()
    {
        while (true)
        {
            if (!Console.IsInputRedirected)
            {
                AnsiConsole.Markup("[green]> [/]");
            }
            string? line = Console.ReadLine();
            if (line is null || (line.Length == 0 && !Console.IsInputRedirected))
            {
                yield break;
            }
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return line;
            }
        }
    }
}
