using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation;

/// <summary>Follows one text a row, token by token: greedy search and sampling. Rows that have ended leave the batch.</summary>
/// <param name="session">The network, a row a prompt; disposed with the search.</param>
/// <param name="rules">Rules for scores.</param>
/// <param name="choice">How a token is chosen.</param>
/// <param name="stopping">When a row ends.</param>
/// <param name="copies">Sequences of a prompt.</param>
/// <param name="texts">The text of each sequence, about to begin; null: none is made.</param>
internal sealed class TokenLoop(
    GenerationSession session, LogitsRules rules, ITokenChoice choice, StoppingCriteria stopping, int copies, WrittenText?[] texts) : IDisposable
{
    private readonly List<int>[] _written = [.. texts.Select(_ => new List<int>())];
    private int[] _running = [.. Enumerable.Range(0, texts.Length)];
    private bool _started;

    public bool IsFinished => _running.Length == 0;

    /// <summary>New tokens of each sequence so far.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Written => _written;

    /// <summary>Writes one token in each row that goes on. May run on another thread than the step before.</summary>
    public IReadOnlyList<GeneratedToken> Step()
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        Tensor scores = rules.Process(session.Tokens, session.Scores());
        if (!_started)
        {
            scores = Spread(scores);
            _started = true;
        }
        Tensor chosen = choice.Choose(scores, _running);
        session.Append(chosen);
        long[] ids = chosen.to(CPU).data<long>().ToArray();
        GeneratedToken[] tokens = [.. _running.Select((sequence, row) => Write(sequence, (int)ids[row]))];
        Leave([.. tokens.Select(token => token.Finish is null)]);
        return tokens;
    }

    public void Dispose()
    {
        session.Dispose();
        (choice as IDisposable)?.Dispose();
    }

    // The prompt was read once; all its sequences go on from there.
    private Tensor Spread(Tensor scores)
    {
        if (copies == 1)
        {
            return scores;
        }
        Tensor rows = Indices(session.Rows, scores.device).repeat_interleave(copies);
        session.Select(rows);
        return scores.index_select(0, rows);
    }

    private GeneratedToken Write(int sequence, int id)
    {
        _written[sequence].Add(id);
        WrittenText? text = texts[sequence];
        string piece = text?.Add(id) ?? "";
        FinishReason? finish = stopping.Check(id, text?.IsStopped ?? false, session.Length);
        return new GeneratedToken(sequence, id, finish is null ? piece : piece + text?.Finish(), finish);
    }

    private void Leave(bool[] goesOn)
    {
        if (goesOn.All(on => on))
        {
            return;
        }
        int[] rows = [.. Enumerable.Range(0, goesOn.Length).Where(row => goesOn[row])];
        _running = [.. rows.Select(row => _running[row])];
        if (rows.Length > 0)
        {
            session.Select(tensor([.. rows.Select(row => (long)row)], device: session.Tokens.Ids.device));
        }
    }
}
