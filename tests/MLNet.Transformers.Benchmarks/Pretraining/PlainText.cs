using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Benchmarks.Pretraining;

/// <summary>Documents to learn from and documents to be judged by.</summary>
internal sealed record PlainText(string Name, string[] Training, string[] HeldOut)
{
    private const int EveryHeldOut = 10;
    private const int MostArticles = 10;

    /// <summary>wikitext-2: articles of its validation part teach, the first of its test part judge; or the stories of TinyStories, of which each tenth judges.</summary>
    public static PlainText Read(string shared, string name)
    {
        string folder = Path.Combine(shared, "data");
        if (name == "wikitext-2")
        {
            return new(name, Articles(Path.Combine(folder, name, "wiki.valid.raw")), [.. Articles(Path.Combine(folder, name, "wiki.test.raw")).Take(MostArticles)]);
        }
        string[] stories = [.. File.ReadAllText(Path.Combine(folder, "tinystories-sample", "tinystories_197k.txt")).ReplaceLineEndings("\n")
            .Split("\nOnce upon a time", StringSplitOptions.RemoveEmptyEntries).Select((story, number) => number == 0 ? story : "Once upon a time" + story)];
        return new(name, [.. stories.Where((_, number) => number % EveryHeldOut != 0)], [.. stories.Where((_, number) => number % EveryHeldOut == 0)]);
    }

    /// <summary>The perplexity of the held-out tokens by how often each token occurs in what teaches, with one more occurrence for each (Laplace).</summary>
    public double UnigramPerplexity(TextEncoder tokenizer)
    {
        var counts = new long[tokenizer.MaxId + 1];
        Array.Fill(counts, 1);
        long total = counts.Length;
        foreach (int id in Training.SelectMany(Ids))
        {
            counts[id]++;
            total++;
        }
        return Math.Exp(HeldOut.SelectMany(Ids).Average(id => -Math.Log((double)counts[id] / total)));

        int[] Ids(string text) => tokenizer.Encode(text, null, new EncodeOptions { AddSpecialTokens = false }).Ids;
    }

    // An article begins with a heading of one equals sign.
    public static string[] Articles(string path)
    {
        var articles = new List<string>();
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith(" = ", StringComparison.Ordinal) && !line.StartsWith(" = =", StringComparison.Ordinal))
            {
                articles.Add("");
            }
            if (articles.Count > 0 && !string.IsNullOrWhiteSpace(line))
            {
                articles[^1] += line.Trim() + "\n";
            }
        }
        return [.. articles];
    }
}
