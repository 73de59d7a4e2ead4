using System.Globalization;
using MLNet.Transformers.Tokenization.PieceModels;

namespace MLNet.Transformers.Tokenization.SentencePiece;

/// <summary>Reads a SentencePiece model file (sentencepiece: sentencepiece_model.proto, model_interface.cc).</summary>
internal static class SentencePieceModelFile
{
    /// <param name="content">The file.</param>
    /// <param name="label">What errors call it.</param>
    /// <exception cref="TokenizerException">It is damaged, or asks for something that is not supported.</exception>
    public static SentencePieceModel Read(ReadOnlySpan<byte> content, string label)
    {
        var pieces = new List<SentencePieceEntry>();
        Trainer trainer = new();
        NormalizerSettings normalizer = new(null, true, true, true);
        var reader = new ProtobufReader(content, label, "the model");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    pieces.Add(ReadPiece(reader.Bytes(), label, pieces.Count));
                    break;
                case 2:
                    trainer.Read(reader.Bytes(), label);
                    break;
                case 3:
                    normalizer = ReadNormalizer(reader.Bytes(), label, normalizer);
                    break;
                case 5:
                    RefuseDenormalizer(reader.Bytes(), label);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return Check(pieces, trainer, normalizer, label);
    }

    private static SentencePieceEntry ReadPiece(ReadOnlySpan<byte> message, string label, int id)
    {
        (string text, float score, int type) = ("", 0, (int)PieceType.Normal);
        var reader = new ProtobufReader(message, label, $"piece {id}");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    text = reader.Text();
                    break;
                case 2:
                    score = reader.Float();
                    break;
                case 3:
                    type = reader.Int();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        if (text.Length == 0)
        {
            throw new TokenizerException($"'{label}': piece {id} is empty; expected at least one character.");
        }
        if (!float.IsFinite(score))
        {
            throw new TokenizerException($"'{label}': piece {id}, '{text}', has the score {score.ToString(CultureInfo.InvariantCulture)}; expected a finite number.");
        }
        return Enum.IsDefined((PieceType)type)
            ? new SentencePieceEntry(text, score, (PieceType)type)
            : throw new TokenizerException($"'{label}': piece {id}, '{text}', has the type {type}; expected 1 to 6.");
    }

    private static NormalizerSettings ReadNormalizer(ReadOnlySpan<byte> message, string label, NormalizerSettings settings)
    {
        var reader = new ProtobufReader(message, label, "normalizer_spec");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    settings = settings with { Map = CharacterMap.Read(reader.Bytes(), $"'{label}': precompiled_charsmap") };
                    break;
                case 3:
                    settings = settings with { AddDummyPrefix = reader.Bool() };
                    break;
                case 4:
                    settings = settings with { RemoveExtraWhitespaces = reader.Bool() };
                    break;
                case 5:
                    settings = settings with { EscapeWhitespaces = reader.Bool() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return settings;
    }

    private static void RefuseDenormalizer(ReadOnlySpan<byte> message, string label)
    {
        var reader = new ProtobufReader(message, label, "denormalizer_spec");
        while (reader.Next())
        {
            if (reader.Field == 2 && reader.Bytes() is { Length: > 0 } rules)
            {
                throw new TokenizerException($"'{label}': denormalizer_spec has rules ({rules.Length} bytes), which are not supported; expected none.");
            }
            if (reader.Field != 2)
            {
                reader.Skip();
            }
        }
    }

    private static SentencePieceModel Check(List<SentencePieceEntry> pieces, Trainer trainer, NormalizerSettings normalizer, string label)
    {
        if (pieces.Count == 0)
        {
            throw new TokenizerException($"'{label}' is no SentencePiece model: it has no pieces.");
        }
        var ids = new Dictionary<string, int>(pieces.Count, StringComparer.Ordinal);
        int unknown = -1;
        for (int id = 0; id < pieces.Count; id++)
        {
            if (!ids.TryAdd(pieces[id].Text, id))
            {
                throw new TokenizerException($"'{label}': the piece '{pieces[id].Text}' stands at {ids[pieces[id].Text]} and at {id}; expected each piece once.");
            }
            if (pieces[id].Type == PieceType.Unknown)
            {
                unknown = unknown < 0 ? id : throw new TokenizerException($"'{label}': the pieces {unknown} and {id} are both of the type unknown; expected one.");
            }
        }
        if (unknown < 0)
        {
            throw new TokenizerException($"'{label}': no piece is of the type unknown; expected one.");
        }
        return new SentencePieceModel
        {
            Pieces = pieces, Algorithm = trainer.Algorithm(label), Normalizer = normalizer, ByteFallback = trainer.ByteFallback,
            UnknownSurface = trainer.UnknownSurface, UnknownId = unknown, Roles = trainer.Roles(pieces, unknown), Ids = ids,
            ByteIds = ByteIds(pieces, ids, trainer.ByteFallback, label),
        };
    }

    private static int[] ByteIds(List<SentencePieceEntry> pieces, Dictionary<string, int> ids, bool byteFallback, string label)
    {
        int found = pieces.Count(piece => piece.Type == PieceType.Byte);
        if (!byteFallback)
        {
            return found == 0 ? [] : throw new TokenizerException($"'{label}': {found} pieces are of the type byte, but trainer_spec has no byte_fallback.");
        }
        return
        [
            .. Enumerable.Range(0, 256).Select(BytePieces.Name).Select(name =>
                ids.TryGetValue(name, out int id) && pieces[id].Type == PieceType.Byte
                    ? id
                    : throw new TokenizerException($"'{label}': trainer_spec has byte_fallback, but there is no piece '{name}' of the type byte.")),
        ];
    }

    /// <summary>What trainer_spec says of how the model is applied.</summary>
    private sealed class Trainer
    {
        private int _algorithm = 1;
        private bool _blankBehind;

        // Ids of unknown, begin, end and padding; -1: there is none.
        private (string Role, int Id)[] _ids = [("bos_token", 1), ("eos_token", 2), ("pad_token", -1)];

        public bool ByteFallback { get; private set; }

        public string UnknownSurface { get; private set; } = " \u2047 ";

        public void Read(ReadOnlySpan<byte> message, string label)
        {
            var reader = new ProtobufReader(message, label, "trainer_spec");
            while (reader.Next())
            {
                switch (reader.Field)
                {
                    case 3:
                        _algorithm = reader.Int();
                        break;
                    case 24:
                        _blankBehind = reader.Bool();
                        break;
                    case 35:
                        ByteFallback = reader.Bool();
                        break;
                    case >= 41 and <= 43:
                        _ids[reader.Field - 41].Id = reader.Int();
                        break;
                    case 44:
                        UnknownSurface = reader.Text();
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }
        }

        public SentencePieceAlgorithm Algorithm(string label)
        {
            if (_blankBehind)
            {
                throw new TokenizerException($"'{label}': trainer_spec has treat_whitespace_as_suffix, which is not supported; expected false.");
            }
            return Enum.IsDefined((SentencePieceAlgorithm)_algorithm)
                ? (SentencePieceAlgorithm)_algorithm
                : throw new TokenizerException($"'{label}': trainer_spec has the model_type {_algorithm}, which is not supported; expected 1 (unigram) or 2 (bpe).");
        }

        public Dictionary<string, string> Roles(List<SentencePieceEntry> pieces, int unknown)
        {
            Dictionary<string, string> roles = _ids
                .Where(item => item.Id >= 0 && item.Id < pieces.Count && pieces[item.Id].Type == PieceType.Control)
                .ToDictionary(item => item.Role, item => pieces[item.Id].Text);
            roles["unk_token"] = pieces[unknown].Text;
            return roles;
        }
    }
}
