using System.Collections.Concurrent;

namespace MLNet.Transformers.Tokenization.Vocabularies;

/// <summary>
/// Expectation and maximization of the pieces' probabilities, and pruning of those that the texts lose least by, in turn, until few enough are left
/// (Kudo 2018, §3.2; sentencepiece: unigram_model_trainer.cc; tokenizers: models/unigram/trainer.rs). Counts are summed up as whole numbers, so that
/// it does not matter which core comes first.
/// </summary>
/// <param name="words">The words.</param>
/// <param name="options">How it is done.</param>
/// <param name="size">Most pieces in the end.</param>
internal sealed class UnigramEstimation(CoveredWords words, UnigramVocabularyOptions options, int size)
{
    // What expected numbers are counted in.
    private const double Unit = 1 << 24;

    // More pieces than in the end, of which the best are chosen then.
    private const double Surplus = 1.1;

    // A piece that is expected less often goes.
    private const double LeastExpected = 0.5;

    // Steps of scores: sums down to -65,536, which are several thousand pieces, are exact in float32 then, which SentencePiece counts in, and all programs
    // that apply the vocabulary split a text alike.
    private const double Step = 1.0 / 256;

    /// <summary>The pieces, the most probable first.</summary>
    public IReadOnlyList<(string Text, double Score)> Run()
    {
        IReadOnlyList<(string Text, double Weight)> seeds = SeedPieces.Find(words, options);
        double all = Math.Log(seeds.Sum(seed => seed.Weight));
        var pieces = new UnigramPieces([.. seeds.Select(seed => (seed.Text, Math.Log(seed.Weight) - all))]);
        int most = (int)(size * Surplus);
        while (true)
        {
            for (int i = 0; i < options.Iterations; i++)
            {
                pieces = Maximize(pieces, Expect(pieces));
            }
            if (pieces.All.Count <= most)
            {
                return Finish(pieces);
            }
            pieces = Prune(pieces, Math.Max(most, (int)(pieces.All.Count * options.ShrinkingFactor)));
        }
    }

    private double[] Expect(UnigramPieces pieces) => Count(pieces, Unit, (lattice, word, count, sums) => lattice.Expect(word, count * Unit, sums));

    // How often each piece stands in the most probable ways to split the words.
    private double[] Occurrences(UnigramPieces pieces) => Count(pieces, 1, (lattice, word, count, sums) =>
    {
        lattice.Split(word, mayBeWhole: true, out IReadOnlyList<int> ids);
        foreach (int id in ids.Where(id => id != UnigramPieces.Unknown))
        {
            sums[id] += count;
        }
    });

    private double[] Count(UnigramPieces pieces, double unit, Action<UnigramLattice, string, long, long[]> add)
    {
        var total = new long[pieces.All.Count];
        Parallel.ForEach(
            Partitioner.Create(0, words.Words.Count),
            () => (Lattice: new UnigramLattice(pieces), Sums: new long[total.Length]),
            (range, _, local) =>
            {
                for (int i = range.Item1; i < range.Item2; i++)
                {
                    add(local.Lattice, words.Words[i].Word, words.Words[i].Count, local.Sums);
                }
                return local;
            },
            local =>
            {
                lock (total)
                {
                    for (int i = 0; i < total.Length; i++)
                    {
                        total[i] += local.Sums[i];
                    }
                }
            });
        return Array.ConvertAll(total, sum => sum / unit);
    }

    // With a prior by which few pieces are many times as probable as the others: logarithms are taken of the digamma function (both programs do).
    private static UnigramPieces Maximize(UnigramPieces pieces, double[] expected)
    {
        (string Text, double Expected)[] kept = [.. pieces.All.Select((piece, id) => (piece.Text, expected[id])).Where(piece => piece.Item2 >= LeastExpected)];
        double all = Digamma(kept.Sum(piece => piece.Expected));
        return new UnigramPieces([.. kept.Select(piece => (piece.Text, Digamma(piece.Expected) - all))]);
    }

    // What is lost by a piece is estimated as if wherever it stands the next best way to split it would.
    private UnigramPieces Prune(UnigramPieces pieces, int count)
    {
        double[] occurrences = Occurrences(pieces);
        double all = occurrences.Sum();
        var losses = new double[pieces.All.Count];
        Parallel.ForEach(Partitioner.Create(0, losses.Length), range =>
        {
            var lattice = new UnigramLattice(pieces);
            for (int id = range.Item1; id < range.Item2; id++)
            {
                double alternative = lattice.Split(pieces.All[id].Text, mayBeWhole: false, out IReadOnlyList<int> ids);
                losses[id] = double.IsNegativeInfinity(alternative) ? double.PositiveInfinity
                    : occurrences[id] == 0 ? double.NegativeInfinity
                    : alternative > pieces.All[id].Score ? double.PositiveInfinity
                    : Loss(id, ids, occurrences, all);
            }
        });
        return new UnigramPieces(
        [
            .. Enumerable.Range(0, losses.Length).Where(id => !double.IsNegativeInfinity(losses[id]))
                .OrderByDescending(id => losses[id]).ThenBy(id => id).Take(count).Select(id => pieces.All[id]),
        ]);
    }

    private static double Loss(int id, IReadOnlyList<int> alternatives, double[] occurrences, double all)
    {
        double before = Math.Log(occurrences[id]) - Math.Log(all);
        double allAfter = Math.Log(all + (occurrences[id] * (alternatives.Count - 1)));
        double after = alternatives.Sum(other => Math.Log((other == UnigramPieces.Unknown ? 0 : occurrences[other]) + occurrences[id]) - allAfter);
        return occurrences[id] * (before - after);
    }

    // Each character has a piece, at the end of the list where the estimation has lost it.
    private IReadOnlyList<(string Text, double Score)> Finish(UnigramPieces pieces)
    {
        Dictionary<string, double> scores = pieces.All.ToDictionary(piece => piece.Text, piece => piece.Score, StringComparer.Ordinal);
        HashSet<string> characters = [.. words.Characters.Select(item => item.Character.ToString())];
        return
        [
            .. characters.Select(character => (Text: character, Score: scores.GetValueOrDefault(character, pieces.LowestScore)))
                .Concat(pieces.All.Where(piece => !characters.Contains(piece.Text)).OrderByDescending(piece => piece.Score)
                    .ThenBy(piece => piece.Text, StringComparer.Ordinal).Take(size - characters.Count))
                .Select(piece => (piece.Text, Score: (Math.Round(piece.Score / Step) * Step) + 0.0))
                .OrderByDescending(piece => piece.Score).ThenBy(piece => piece.Text, StringComparer.Ordinal),
        ];
    }

    private static double Digamma(double x)
    {
        double shift = 0;
        for (; x < 7; x++)
        {
            shift -= 1 / x;
        }
        double y = x - 0.5;
        double square = 1 / (y * y);
        return shift + Math.Log(y) + (square * ((1.0 / 24) - (square * ((7.0 / 960) - (square * ((31.0 / 8064) - (square * (127.0 / 30720))))))));
    }
}
