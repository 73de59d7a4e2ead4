using System.Globalization;
using System.Text.Json;
using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers.Parity.Scorers;

/// <summary>Checks BLEU, chrF and TER, of corpora and of sentences, and the words of tokenizers, against sacreBLEU.</summary>
internal sealed class TranslationScoreParity(Report report)
{
    private const string TokenizerPrefix = "tokenizer_";

    private static readonly HashSet<string> _inputs = ["tokenize", "hypotheses", "references", "signature", "sentences", "precisions", "counts", "totals"];

    public void Run(JsonElement root)
    {
        int number = 0;
        foreach (JsonProperty field in root.EnumerateObject())
        {
            if (field.Name.StartsWith(TokenizerPrefix, StringComparison.Ordinal))
            {
                BleuTokenizer tokenizer = Tokenizer(field.Name[TokenizerPrefix.Length..]);
                foreach ((int i, JsonElement item) in field.Value.EnumerateArray().Index())
                {
                    report.SequenceEqual($"{field.Name} {i + 1}", BleuWords.Of(item.Text("text")!, tokenizer), item.GetProperty("tokens").Texts());
                }
            }
            else if (field.Name is not ("versions" or "note" or "cases"))
            {
                report.Fail($"unknown field '{field.Name}'");
            }
        }
        foreach (JsonElement item in root.Items("cases"))
        {
            string name = $"case {++number} {item.Text("tokenize")}";
            report.Guard(name, () => Check(name, item));
        }
    }

    private void Check(string name, JsonElement item)
    {
        string[] hypotheses = item.GetProperty("hypotheses").Texts();
        string[][] streams = item.GetProperty("references").TextLists();
        // A row may have fewer references than others: null.
        string[][] references = [.. hypotheses.Select((_, i) => streams.Select(stream => stream[i]).Where(text => text is not null).ToArray())];
        BleuOptions options = Options(item);
        Bleu bleu = Bleu.Of(hypotheses, references, options);
        Dictionary<string, double> ours = Scores(hypotheses, references, options);
        ours["bp"] = bleu.BrevityPenalty;
        ours["sys_len"] = bleu.Words;
        ours["ref_len"] = bleu.ReferenceWords;
        foreach (JsonProperty figure in item.EnumerateObject().Where(field => !_inputs.Contains(field.Name)))
        {
            if (ours.TryGetValue(figure.Name, out double value))
            {
                report.Figure($"{name}: {figure.Name}", value, figure.Value);
            }
            else
            {
                report.Fail($"{name}: unknown figure '{figure.Name}'");
            }
        }
        Lengths("precisions", bleu.Precisions);
        Lengths("counts", [.. bleu.Matches.Select(count => (double)count)]);
        Lengths("totals", [.. bleu.Totals.Select(count => (double)count)]);
        foreach ((int i, JsonElement sentence) in item.Items("sentences").Index())
        {
            report.Figures($"{name} sentence {i + 1}", sentence, Scores([hypotheses[i]], [references[i]], options with { EffectiveOrder = true }));
        }

        void Lengths(string field, IReadOnlyList<double> mine)
        {
            foreach ((int i, JsonElement figure) in item.Items(field).Index())
            {
                report.Figure($"{name}: {field} {i + 1}", mine[i], figure);
            }
        }
    }

    private static Dictionary<string, double> Scores(string[] hypotheses, string[][] references, BleuOptions options) => new()
    {
        ["bleu"] = Bleu.Of(hypotheses, references, options).Score,
        ["bleu_lowercase"] = Bleu.Of(hypotheses, references, options with { Lowercase = true }).Score,
        ["chrf2"] = Chrf.Of(hypotheses, references).Score,
        ["chrf2pp"] = Chrf.Of(hypotheses, references, ChrfOptions.PlusPlus).Score,
        ["ter"] = Ter.Of(hypotheses, references).Score,
    };

    // sacreBLEU's signature says what a score was made with: "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0".
    private static BleuOptions Options(JsonElement item)
    {
        Dictionary<string, string> signature = (item.Text("signature") ?? "").Split('|', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split(':', 2)).ToDictionary(part => part[0], part => part[1]);
        string[] smoothing = signature.GetValueOrDefault("smooth", "exp").TrimEnd(']').Split('[');
        return new BleuOptions
        {
            Tokenizer = Tokenizer(item.Text("tokenize") ?? signature.GetValueOrDefault("tok", "13a")),
            Lowercase = signature.GetValueOrDefault("case") == "lc",
            EffectiveOrder = signature.GetValueOrDefault("eff") == "yes",
            Smoothing = smoothing[0] switch
            {
                "exp" => BleuSmoothing.Exponential,
                "floor" => BleuSmoothing.Floor,
                "add-k" => BleuSmoothing.AddK,
                "none" => BleuSmoothing.None,
                string other => throw new InvalidDataException($"unknown smoothing '{other}'"),
            },
            SmoothingValue = smoothing.Length > 1 ? double.Parse(smoothing[1], CultureInfo.InvariantCulture) : null,
        };
    }

    private static BleuTokenizer Tokenizer(string name) => name switch
    {
        "13a" => BleuTokenizer.Mteval13a,
        "zh" => BleuTokenizer.Chinese,
        "char" => BleuTokenizer.Characters,
        "intl" => BleuTokenizer.International,
        "none" => BleuTokenizer.None,
        _ => throw new InvalidDataException($"unknown tokenizer '{name}'"),
    };
}
