#!/bin/sh
# Makes the two small networks beside this file from texts in a folder of data sets: samples/weights/pretrain.sh ../shared/data [bert|llama]
# What the texts are and under which licences they stand: README.md.
set -e
data=$(realpath "$1")
which=${2:-bert llama}
cd "$(dirname "$0")/../.."
texts=$(mktemp -d)
trap 'rm -r "$texts"' EXIT
mkdir "$texts/bert" "$texts/llama"

# A blank line between two texts. Wikipedia: paragraphs, without headings and without the marks around hyphens and commas.
grep -hv '^ *=\|^ *$' "$data/wikitext-2/wiki.valid.raw" "$data/wikitext-2/wiki.test.raw" | sed 's/ @\(.\)@ /\1/g; G' > "$texts/bert/wikipedia.txt"
sed -n 's/^# text = //p' "$data/uner-english-ewt/en_ewt-ud-dev.iob2" | sed G > "$texts/bert/web.txt"
sed '1s/^\xEF\xBB\xBF//' "$data/tatoeba-en-zh/cmn.txt" | cut -f1 | awk '!seen[$0]++' | sed G > "$texts/bert/sentences.txt"
cat "$data"/tinystories-sample/tinystories_197k.txt "$data"/tinystories-sample/TinyStories_77k.txt | awk 'NF && !seen[$0]++' | sed G > "$texts/bert/stories.txt"
cp "$texts/bert/sentences.txt" "$texts/bert/stories.txt" "$texts/llama"

for network in $which; do
    case $network in
        bert) settings="--epochs 3 --batch-size 16 --max-tokens 64 --learning-rate 2e-3 --vocabulary 4000" ;;
        llama) settings="--epochs 6 --batch-size 8 --max-tokens 128 --learning-rate 2e-3 --vocabulary 3500" ;;
    esac
    dotnet run -c Release --project samples/Pretraining -- --network "$network" --fresh --data "$texts/$network" $settings --model "samples/weights/$network-small"
done
